/* Which of several back cameras is the main one: the others see too wide, too near or too far. */

const WORDS_FOR_BACK = [
  ...["back", "rear", "environment", "rück", "arrière", "traser", "trasei", "posteri", "achterz"],
  ...["baksid", "bagsid", "tyln", "zadn", "takakam", "arka", "spate", "hátsó", "belakang", "mặt sau"],
  ...["задн", "πίσω", "背面", "后置", "後置", "후면", "الخلفية", "אחורית", "หลัง"],
];
const NUMBER = /(?:^|[ :])(\d+)\b/;

const isBack = ({ label }) => WORDS_FOR_BACK.some((word) => label.toLowerCase().includes(word));
const numberOf = ({ label }) => Number(label.match(NUMBER)?.[1] ?? Infinity);

/**
 * Return the id of the camera to change to, or null to stay. Android numbers its cameras and the
 * main one comes first; iPhones name them, and every other name is the main one's and more words.
 */
export function mainLens(devices, current) {
  const back = devices.filter((one) => one.kind === "videoinput" && one.label && isBack(one));
  const [best] = back.sort(
    (a, b) => numberOf(a) - numberOf(b) || a.label.length - b.label.length,
  );
  const isKnown = back.some((one) => one.deviceId === current);
  return isKnown && best.deviceId !== current ? best.deviceId : null;
}
