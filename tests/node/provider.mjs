// A real OpenID provider with two faces: as itself on the first port, as LinkedIn on the second.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';

const [ownPort, linkedinPort, origin] = process.argv.slice(2);

const locale = { country: 'DE', language: 'de' };
const people = {
  amina: { name: 'Amina Diallo', email: 'amina@example.org', email_verified: true },
  impostor: { name: 'Not Amina', email: 'amina@example.org', email_verified: true },
  ben: { name: 'Ben Ng', email: 'ben@example.org', email_verified: true },
  uma: { name: 'Uma Unverified', email: 'uma@example.org', email_verified: false },
};

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: randomBytes(8).toString('hex') };
}

function configuration({ authMethod, name, claimsOf, ...more }) {
  return {
    clients: [
      {
        client_id: 'bowline',
        client_secret: 'a secret only the two of us know',
        redirect_uris: [`${origin}/sign-in/with/${name}/back`],
        token_endpoint_auth_method: authMethod,
      },
    ],
    claims: {
      profile: ['name', 'given_name', 'family_name', 'picture', 'locale'],
      email: ['email', 'email_verified'],
    },
    findAccount: (_, id) =>
      people[id] && { accountId: id, claims: () => ({ sub: id, ...claimsOf(people[id]) }) },
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clientAuthMethods: [authMethod],
    features: { devInteractions: { enabled: true } },
    ...more,
  };
}

const itself = new Provider(
  `http://127.0.0.1:${ownPort}`,
  configuration({
    name: 'oidc',
    authMethod: 'client_secret_basic',
    claimsOf: (person) => person,
    pkce: { required: () => true },
  }),
);

const linkedin = new Provider(
  'https://www.linkedin.com/oauth',
  configuration({
    name: 'linkedin',
    authMethod: 'client_secret_post',
    claimsOf: ({ email_verified: isVerified, ...person }) => ({
      ...person,
      email_verified: String(isVerified),
      locale,
    }),
    conformIdTokenClaims: false,
    pkce: { required: () => false },
  }),
);

// The library takes a client's secret by either way; these two take it by their own only.
async function refusal(request, { mayVerify, hasSecretInForm }) {
  const form = new URLSearchParams(await text(request));
  request.body = Object.fromEntries(form);
  if (form.has('code_verifier') && !mayVerify) return 'no verifier is taken here';
  if (form.has('client_secret') !== hasSecretInForm) return 'no secret where it belongs';
  if (Boolean(request.headers.authorization) === hasSecretInForm) return 'a secret twice';
  return null;
}

function listen(provider, port, { ignored, ...rules }) {
  const answer = provider.callback();
  createServer(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    ignored.forEach((name) => url.searchParams.delete(name));
    request.url = url.pathname + url.search;
    const isToken = request.method === 'POST' && url.pathname === '/token';
    const why = isToken && (await refusal(request, rules));
    if (!why) return answer(request, response);
    response.writeHead(401, { 'Content-Type': 'application/json' });
    return response.end(JSON.stringify({ error: 'invalid_client', error_description: why }));
  }).listen(port, '127.0.0.1');
}

listen(itself, ownPort, { ignored: [], mayVerify: true, hasSecretInForm: false });
// LinkedIn leaves the nonce out of its id token and turns every PKCE verifier away.
listen(linkedin, linkedinPort, {
  ignored: ['nonce', 'code_challenge', 'code_challenge_method'],
  mayVerify: false,
  hasSecretInForm: true,
});
