// Where the page begins.
import { render } from "preact";
import { App } from "./app.tsx";
import { followAddress } from "./route.ts";
import { keepTrainings } from "./train/resume.ts";
import { openTrain } from "./train/store.ts";
import { beginUnasked } from "./train/unasked.ts";

followAddress();
void beginUnasked(Promise.all([openTrain(), keepTrainings()]));
const place = document.getElementById("app");
if (!place) throw new Error("page: index.html has no #app");
render(<App />, place);
