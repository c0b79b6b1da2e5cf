"""What wapiti finds and we let stand, each with its reason."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """A finding that is none: its category, a pattern of all it says, and why it stands."""

    category: str
    says: re.Pattern[str]
    reason: str


ACCEPTED = (
    Accepted(
        "HTTP Methods",
        re.compile(
            r"Possible interesting methods \(using OPTIONS\) on \S+:( (OPTIONS|POST) \(\d+\))+"
        ),
        "OPTIONS is answered as the standard says and changes nothing; POST is how forms are sent",
    ),
    Accepted(
        "Clickjacking Protection",
        re.compile("X-Frame-Options is not set"),
        "`frame-ancestors 'none'` in the content security policy has taken its place",
    ),
    Accepted(
        "Unencrypted Channels",
        re.compile("No HTTPS redirection"),
        "TLS is the work of the proxy in front; here it is one machine talking to itself",
    ),
    Accepted(
        "Secure Flag cookie",
        re.compile(r"Secure flag is not set in the cookie : \w+"),
        "it is set where the origin is https, which tests/security/test_headers.py shows",
    ),
    Accepted(
        "LDAP Injection",
        re.compile(r"LDAP Injection via injection in the parameter \w+"),
        "nothing here speaks LDAP, nor does a library of ours: wapiti compares answers, and an"
        " answer is another where what was typed is read as something else",
    ),
    Accepted(
        "Review Webserver Metafiles for Information Leakage",
        re.compile(r"Found webpage \S+/(events|me|people|mail|teams|operator|waiting) on \S+"),
        "a page of ours with a plain name; who may see what is on it is another test's",
    ),
)
