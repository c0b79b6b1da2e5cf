/* The first decoder: small and quick. */

import { decodeQR } from "../../vendor/qr/decode.js";
import { serve } from "./serve.js";

const FRAME = { effort: 3, timeLimit: 40 };
const PICTURE = { effort: Infinity, timeLimit: 1500 };

serve((pixels, thorough) => decodeQR(pixels, thorough ? PICTURE : FRAME));
