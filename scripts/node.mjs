// fall-line/node: the command's engine as a function. Types and documentation are in src/cli/node.ts.

import { preparePackages } from "./prepare.mjs";
import { openProject } from "./serve.mjs";

/** @type {import("../src/cli/node.ts").OpenSession} */
export async function openSession(options = {}) {
  preparePackages();
  const project = await openProject();
  try {
    const { openJobSession } = await project.load("/src/cli/job_session.ts");
    /** @type {import("../src/cli/node.ts").Session} */
    const session = await openJobSession(project.services, options);
    const close = session.close.bind(session);
    session.close = async () => {
      await close();
      await project.close();
    };
    return session;
  } catch (error) {
    await project.close();
    throw error;
  }
}
