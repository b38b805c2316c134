/** What a timeline shows, as spans of one colour and text each, in milliseconds. Pure. */
import { DataFrame, Field, FieldType, formattedValueToString, getFieldDisplayName } from '@grafana/data';

export interface Span {
  from: number;
  to: number;
  text: string;
  color: string;
}

export interface Row {
  name: string;
  opacity: number;
  spans: Span[];
}

export type Kind = 'merged' | 'states' | 'samples';

/**
 * A row for each field that is not time. A state lasts until the next sample, and no longer than one step; equal ones
 * are merged. Of samples each stands for itself, in the middle of its step.
 */
export function rowsOf(frames: DataFrame[], end: number, kind: Kind): Row[] {
  return frames.flatMap((frame) => {
    const time = frame.fields.find((each) => each.type === FieldType.time);
    const shown = frame.fields.filter((each) => each !== time && !each.config.custom?.hideFrom?.viz);
    return time ? shown.map((each) => rowOf(frame, time, each, frames, end, kind)) : [];
  });
}

function rowOf(
  frame: DataFrame,
  time: Field,
  field: Field,
  frames: DataFrame[],
  end: number,
  kind: Kind,
): Row {
  const step = time.config.interval ?? Infinity;
  const samples = kind === 'samples' && Number.isFinite(step);
  const spans: Span[] = [];
  for (let index = 0; index < frame.length; index += 1) {
    const value: unknown = field.values[index];
    const from: number = time.values[index];
    const to = Math.min(time.values[index + 1] ?? end, from + step, end);
    const [left, right] = samples ? [from - step / 2, from + step / 2] : [from, to];
    if (value === null || value === undefined) {
      continue;
    }
    const seen = field.display!(value);
    const span = {
      from: left,
      to: right,
      text: formattedValueToString(seen),
      color: seen.color ?? '#808080',
    };
    const last = spans[spans.length - 1];
    if (
      kind === 'merged' &&
      last &&
      last.to === from &&
      last.text === span.text &&
      last.color === span.color
    ) {
      last.to = to;
    } else {
      spans.push(span);
    }
  }
  return {
    name: getFieldDisplayName(field, frame, frames),
    opacity: (field.config.custom?.fillOpacity ?? 70) / 100,
    spans,
  };
}

/** The legend: every text with its colour, once, in the order in which they come. */
export function legendOf(rows: Row[]): Array<{ text: string; color: string }> {
  const seen = new Map<string, { text: string; color: string }>();
  for (const span of rows.flatMap((row) => row.spans)) {
    seen.set(`${span.text}\n${span.color}`, { text: span.text, color: span.color });
  }
  return [...seen.values()];
}
