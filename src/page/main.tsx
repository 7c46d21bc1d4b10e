// Where the page begins.
import { render } from "preact";
import { App } from "./app.tsx";
import { followAddress } from "./route.ts";
import { keepTrainings } from "./train/resume.ts";
import { openTrain } from "./train/store.ts";

followAddress();
openTrain();
keepTrainings();
const place = document.getElementById("app");
if (!place) throw new Error("page: index.html has no #app");
render(<App />, place);
