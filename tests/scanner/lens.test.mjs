/* Which of a phone's cameras is its main one, by the labels phones give them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { mainLens } from "../../static/js/scan/lens.js";

const cameras = (...labels) =>
  labels.map((label) => ({ kind: "videoinput", deviceId: label, label }));
const stays = (labels, current) => assert.equal(mainLens(cameras(...labels), current), null);
const changes = (labels, current, to) => assert.equal(mainLens(cameras(...labels), current), to);

const IPHONES = {
  English: [
    "Front Camera",
    "Back Camera",
    "Back Dual Wide Camera",
    "Back Ultra Wide Camera",
    "Back Telephoto Camera",
    "Back Triple Camera",
  ],
  German: [
    "Frontkamera",
    "Rückkamera",
    "Rückseitige Dual-Weitwinkelkamera",
    "Rückseitige Ultra-Weitwinkelkamera",
    "Rückseitige Telefotokamera",
  ],
  French: [
    "Caméra avant",
    "Caméra arrière",
    "Double caméra grand angle arrière",
    "Caméra ultra grand angle arrière",
  ],
  Spanish: [
    "Cámara frontal",
    "Cámara trasera",
    "Cámara trasera dual con gran angular",
    "Cámara trasera con ultra gran angular",
  ],
  Portuguese: [
    "Câmera Frontal",
    "Câmera Traseira",
    "Câmera Dupla Grande-Angular Traseira",
    "Câmera Ultra-angular Traseira",
  ],
  Italian: [
    "Fotocamera (anteriore)",
    "Fotocamera (posteriore)",
    "Fotocamera doppia con grandangolo (posteriore)",
  ],
  Japanese: [
    "前面カメラ",
    "背面カメラ",
    "背面デュアル広角カメラ",
    "背面超広角カメラ",
  ],
  Chinese: [
    "前置相机",
    "后置相机",
    "后置双广角镜头",
    "后置超广角相机",
  ],
  Korean: [
    "전면 카메라",
    "후면 카메라",
    "후면 듀얼 와이드 카메라",
  ],
  Polish: [
    "Przedni aparat",
    "Tylny aparat",
    "Tylny dwuobiektywowy aparat szerokokątny",
  ],
  Arabic: [
    "الكاميرا الأمامية",
    "الكاميرا الخلفية",
    "كاميرا الخلفية مزدوجة عريضة",
  ],
  Swedish: [
    "Kamera på framsidan",
    "Kamera på baksidan",
    "Dubbel vidvinkelkamera på baksidan",
  ],
};

test("an iPhone on its main lens stays there, in any language", () => {
  for (const labels of Object.values(IPHONES)) stays(labels, labels[1]);
});

test("an iPhone on another lens changes to the main one, in any language", () => {
  for (const [language, labels] of Object.entries(IPHONES)) {
    for (const other of labels.slice(2)) {
      assert.equal(mainLens(cameras(...labels), other), labels[1], `${language}: ${other}`);
    }
  }
});

test("Android's main back camera is the one with the lowest number", () => {
  const galaxy = ["camera2 1, facing front", "camera2 2, facing back", "camera2 0, facing back"];
  changes(galaxy, "camera2 2, facing back", "camera2 0, facing back");
  stays(galaxy, "camera2 0, facing back");
  const many = ["camera2 10, facing back", "camera2 2, facing back"];
  changes(many, "camera2 10, facing back", "camera2 2, facing back");
  const old = ["camera 1, facing front", "camera 2, facing back", "camera 0, facing back"];
  changes(old, "camera 2, facing back", "camera 0, facing back");
});

test("a computer, a front camera and cameras without labels stay as they are", () => {
  stays(["Integrated Webcam (0bda:5675)", "OBS Virtual Camera"], "Integrated Webcam (0bda:5675)");
  stays(["Front Camera", "Back Camera"], "Front Camera");
  stays(["camera2 1, facing front", "camera2 0, facing back"], "camera2 1, facing front");
  assert.equal(mainLens([{ kind: "videoinput", deviceId: "", label: "" }], undefined), null);
  assert.equal(mainLens([], "gone"), null);
});

test("microphones are no cameras", () => {
  const mixed = [
    { kind: "audioinput", deviceId: "mic", label: "Back" },
    ...cameras("Back Camera", "Back Ultra Wide Camera"),
  ];
  assert.equal(mainLens(mixed, "Back Ultra Wide Camera"), "Back Camera");
});
