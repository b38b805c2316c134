/** A board's annotations: what of its queries is 1 for a while is a stretch of time, as Grafana takes Prometheus' answers. */
import { AnnotationQuery } from '@grafana/data';
import { EmbeddedScene, sceneGraph } from '@grafana/scenes';
import { createContext } from 'react';

import { PrometheusResult } from './frames';
import { forQuery } from './interpolation';
import { milliseconds } from './intervals';
import { get } from './prometheus';

export interface Stretch {
  from: number;
  to: number;
  color: string;
  /** Whether it is drawn on a panel. */
  on: (panel: number) => boolean;
}

export type AnnotationJson = Partial<AnnotationQuery> & {
  expr?: string;
  step?: string;
  filter?: { exclude?: boolean; ids?: number[] };
};

/** What panels over time draw behind their lines. */
export const Stretches = createContext<Stretch[]>([]);

/** Ask for all that are switched on. What goes wrong is told on the console, by the annotation's name. */
export async function annotated(annotations: AnnotationJson[], scene: EmbeddedScene): Promise<Stretch[]> {
  const found = await Promise.all(
    annotations
      .filter((each) => each.enable && each.expr)
      .map(async (each) => {
        try {
          return await asked(each, scene);
        } catch (error) {
          console.error(`annotation ${each.name}: ${(error as Error).message}`);
          return [];
        }
      }),
  );
  return found.flat();
}

async function asked(json: AnnotationJson, scene: EmbeddedScene): Promise<Stretch[]> {
  const { from, to } = scene.state.$timeRange!.state.value;
  const step = milliseconds(json.step || '60s');
  const query = sceneGraph.interpolate(scene, json.expr, undefined, forQuery);
  const [start, end] = [from, to].map((at) => (Math.floor(at.valueOf() / step) * step) / 1000);
  const { result } = await get<{ result: PrometheusResult[] }>('query_range', {
    query,
    start,
    end,
    step: step / 1000,
  });
  const { ids = [], exclude = false } = json.filter ?? {};
  const on = (panel: number) => !json.filter || ids.includes(panel) !== exclude;
  return result.flatMap((row) => stretchesOf(row, step, { color: json.iconColor ?? 'red', on }));
}

function stretchesOf(row: PrometheusResult, step: number, look: Pick<Stretch, 'color' | 'on'>): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [seconds, value] of row.values ?? []) {
    const last = stretches[stretches.length - 1];
    const at = 1000 * seconds;
    if (Number(value) && last && at - last.to <= step) {
      last.to = at;
    } else if (Number(value)) {
      stretches.push({ from: at, to: at, ...look });
    }
  }
  return stretches;
}
