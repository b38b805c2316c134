/** The arithmetic of $__interval and $__rate_interval, as Grafana's documentation of its Prometheus datasource tells it. */
import { TimeRange } from '@grafana/data';

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};
/** Prometheus answers no range query that would have more. */
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

/** The step of a range query: what fits the panel's width, never under `least`, and not too many points. */
export function stepOf(range: TimeRange, fitting: number, least: number): number {
  const span = range.to.valueOf() - range.from.valueOf();
  return Math.max(fitting, least, Math.ceil(span / MOST_POINTS));
}

/** Never under four scrapes, and one scrape more than the step. */
export function rateInterval(step: number, scrape: number): number {
  return Math.max(step + scrape, 4 * scrape);
}
