// PLACEHOLDER
import type { Facts, Job } from "./job.ts";
export const recipeOf = ({ kind, resume: _, ...job }: Job, { recipeHash, data }: Facts): unknown => ({ command: kind, ...job, recipeHash, dataHash: data.hash });
