// The profile's table: what is measured beside what the plan says, and which ceiling bounds a dispatch.
import { describe, expect, it } from "vitest";
import { profileText } from "../../src/cli/profile.ts";
import { openCpu } from "../../src/backend/cpu.ts";
import { profileBeside, shareOf } from "../../src/train/profile.ts";

const ceilings = { gflops: 10, gigabytes: 4, dispatchMicros: 20 };
const dispatch = (milliseconds: number | undefined, bytes: number, flops: number) => ({
  ...{ name: "layer1.matmul", kernel: "matmul_4x4", milliseconds, bytes, flops },
});

describe("the share of a ceiling", () => {
  it("is of operations, of bytes or of the launch, whichever takes longest at best", () => {
    // 10^8 operations take 10 ms at 10 GFLOP/s; 4 x 10^6 bytes 1 ms at 4 GB/s; a launch 0.02 ms.
    expect(shareOf(dispatch(20, 4e6, 1e8), ceilings)).toEqual({ bound: "operations", percent: 50 });
    expect(shareOf(dispatch(4, 4e6, 1e6), ceilings)).toEqual({ bound: "bytes", percent: 25 });
    expect(shareOf(dispatch(0.04, 100, 100), ceilings)).toEqual({ bound: "dispatch", percent: 50 });
    expect(shareOf(dispatch(undefined, 100, 100), ceilings)).toBeUndefined();
  });
});

describe("a profile", () => {
  it("is the median of its rounds", async () => {
    const times = [3, 1, 2];
    const training = { profile: async () => [dispatch(times.shift(), 8, 16)] };
    const { ceilings: none, dispatches } = await profileBeside(openCpu(), training, 3);
    expect(none).toBeUndefined();
    expect(dispatches).toEqual([dispatch(2, 8, 16)]);
  });

  it("as a table has a line a dispatch, and says what was not timed", () => {
    const share = { bound: "bytes", percent: 25 } as const;
    const text = profileText({ ceilings, dispatches: [{ ...dispatch(3, 4e6, 1e6), share }, dispatch(1, 1e6, 2e6)] });
    const [head, titles, first, second] = text.split("\n");
    expect(head).toBe(
      "profile of a step, 2 dispatches; ceilings of this adapter: 10 GFLOP/s, 4 GB/s, 20 us a small dispatch",
    );
    expect(titles?.split(/\s{2,}/)[0]).toBe("dispatch");
    expect(first?.split(/\s{2,}/)).toEqual([
      ...["layer1.matmul", "3000", "75 %", "4000", "1", "1.33", "0.333", "bytes", "25 %"],
    ]);
    expect(second).toContain("25 %");
    const untimed = profileText({ ceilings, dispatches: [dispatch(undefined, 4e6, 1e6)] });
    expect(untimed).toContain("it has no timestamps, so no times");
    expect(profileText({ ceilings: undefined, dispatches: [] })).toContain("no GPU: costs by the plan");
  });
});
