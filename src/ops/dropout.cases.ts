// Layers of dropout that the cases of map play: one whose results are exact, one of another stream with a rate of many digits.
import { dropoutFunction } from "./dropout.ts";

dropoutFunction({ rate: 0.5, stream: 0 });
dropoutFunction({ rate: 0.1, stream: 3 });
