// Where a workgroup stands (tile, slice, run, step) and where a run's tensor begins.

// Workgroups of one (run, slice) along x and y, slices a run, first run, and workgroups in all; a grid above 65,535 is folded.
struct Grid { x: u32, y: u32, slices: u32, run: u32, total: u32, runs: u32, unused0: u32, unused1: u32 }

// Offset, strides and pitch of a tensor, in elements of its binding's array (vec4s where that holds vec4s).
struct View { offset: u32, run: u32, slice: u32, step: u32, pitch: u32, unused0: u32, unused1: u32, unused2: u32 }

struct Place { x: u32, y: u32, slice: u32, run: u32, step: u32, inside: bool }

// How many workgroups of the grid a real one stands for, one behind the other along its z: where they are small and many.
const STACK = 1u;

fn locate_stacked(grid: Grid, group: vec3u, groups: vec3u, stacked: u32) -> Place {
  let n = (group.x + groups.x * group.y) * STACK + stacked;
  let tiles = grid.x * grid.y;
  let layer = n / tiles;
  let tile = n - layer * tiles;
  let y = tile / grid.x;
  let run = layer / grid.slices;
  return Place(tile - y * grid.x, y, layer - run * grid.slices, grid.run + run, 0u, n < grid.total);
}

fn locate(grid: Grid, group: vec3u, groups: vec3u) -> Place {
  return locate_stacked(grid, group, groups, 0u);
}

fn base(view: View, at: Place) -> u32 {
  return view.offset + at.run * view.run + at.slice * view.slice + at.step * view.step;
}

// Which of the four columns from `column` on lie inside `columns`.
fn inside4(column: u32, columns: u32) -> vec4<bool> {
  return vec4u(column) + vec4u(0u, 1u, 2u, 3u) < vec4u(columns);
}
