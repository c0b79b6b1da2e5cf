/* The second decoder: large, so it comes only where the first one sees nothing. */

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing/reader/index.js";
import { serve } from "./serve.js";

const wasm = new URL("../../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
prepareZXingModule({ overrides: { locateFile: () => wasm } });

const HOW = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryDenoise: true };

serve(async (pixels) => (await readBarcodes(pixels, HOW))[0]?.text);
