/** The arithmetic of $__interval and $__rate_interval, as Grafana's documentation of its Prometheus datasource tells it. */
import { TimeRange } from '@grafana/data';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };
/** What Grafana rounds an interval to: milliseconds. */
const ROUND = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000,
];
const MOST_POINTS = 11_000;

/** Milliseconds of a duration like `15s`, `1m` or `>30s`. Throws an Error where it is none. */
export function milliseconds(text: string): number {
  const found = /^>?\s*(\d+(?:\.\d+)?)\s*(ms|[smhdwy])$/.exec(text.trim());
  if (!found) {
    throw new Error(`${text} is no duration`);
  }
  return Number(found[1]) * UNITS[found[2]];
}

/** A duration as PromQL writes it. */
export function promDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** The step of a range query: as many points as the panel is wide, none closer than `least`, not too many. */
export function stepOf(range: TimeRange, points: number, least: number, factor: number): number {
  const span = range.to.valueOf() - range.from.valueOf();
  const raw = span / points;
  const round = ROUND.reduce((best, each) => (Math.abs(each - raw) < Math.abs(best - raw) ? each : best));
  return Math.max(round * factor, least, Math.ceil(span / MOST_POINTS));
}

/** Never under four scrapes, and one scrape more than the step. */
export function rateInterval(step: number, scrape: number): number {
  return Math.max(step + scrape, 4 * scrape);
}
