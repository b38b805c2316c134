/** Where panels stand in pixels: Grafana's grid of 24 columns, or one below the other on a narrow screen. Pure. */
import { GridPos } from './board';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const COLUMNS = 24;
const CELL = 30;
const GAP = 8;
/** CSS pixels below which Grafana stacks panels. */
const NARROW = 769;

const heightOf = (cells: number) => cells * CELL + (cells - 1) * GAP;

/** The boxes in the order of `places`, and how high they are together. */
export function boxes(places: GridPos[], width: number): { boxes: Box[]; height: number } {
  return width < NARROW ? stacked(places, width) : gridded(places, width);
}

function gridded(places: GridPos[], width: number): { boxes: Box[]; height: number } {
  const column = (width - GAP * (COLUMNS - 1)) / COLUMNS;
  const found = places.map(({ x, y, w, h }) => ({
    left: x * (column + GAP),
    top: y * (CELL + GAP),
    width: w * column + (w - 1) * GAP,
    height: heightOf(h),
  }));
  return { boxes: found, height: Math.max(0, ...found.map((each) => each.top + each.height)) };
}

function stacked(places: GridPos[], width: number): { boxes: Box[]; height: number } {
  const order = places
    .map((_, index) => index)
    .sort((a, b) => places[a].y - places[b].y || places[a].x - places[b].x);
  const found: Box[] = new Array(places.length);
  let top = 0;
  for (const index of order) {
    const height = heightOf(places[index].h);
    found[index] = { left: 0, top, width, height };
    top += height + GAP;
  }
  return { boxes: found, height: Math.max(0, top - GAP) };
}
