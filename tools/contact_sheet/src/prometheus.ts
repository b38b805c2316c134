/** Prometheus as a datasource: what Grafana's server does for its own, in the page and by the same origin. */
import {
  DataFrame,
  DataQueryRequest,
  DataQueryResponse,
  MetricFindValue,
  ScopedVars,
  TimeRange,
} from '@grafana/data';
import { RuntimeDataSource, sceneGraph, SceneObject } from '@grafana/scenes';

import { framesOf, PrometheusResult, tableOf, Target } from './frames';
import { milliseconds, promDuration, rateInterval, stepOf } from './intervals';
import { forQuery } from './interpolation';

export const SOURCE = 'prometheus-of-the-lab';

interface VariableQuery {
  query?: string;
}

export class PrometheusSource extends RuntimeDataSource<Target> {
  /** `scrape`: the datasource's scrape interval in milliseconds, what its `timeInterval` says. */
  constructor(private readonly scrape: number) {
    super('prometheus', SOURCE);
  }

  async query(request: DataQueryRequest<Target>): Promise<DataQueryResponse> {
    const targets = request.targets.filter((each) => each.expr && !each.hide);
    const tables = targets.filter((each) => each.format === 'table').length;
    const data = await Promise.all(targets.map((each) => this.ask(each, request, tables)));
    return { data: data.flat() };
  }

  private async ask(target: Target, request: DataQueryRequest<Target>, tables: number): Promise<DataFrame[]> {
    const own = sceneGraph.interpolate(sceneOf(request.scopedVars), target.interval, request.scopedVars);
    const least = own ? milliseconds(own) : this.scrape;
    const step = stepOf(request.range, request.intervalMs * (target.intervalFactor ?? 1), least);
    const vars = {
      ...request.scopedVars,
      ...ownVariables(request.range, step, rateInterval(step, least)),
    };
    const expr = sceneGraph.interpolate(sceneOf(vars), target.expr, vars, forQuery);
    const made: DataFrame[] = [];
    if (target.range || !target.instant) {
      const from = Math.floor(request.range.from.valueOf() / step) * step;
      const to = Math.floor(request.range.to.valueOf() / step) * step;
      const found = await get<{ result: PrometheusResult[] }>('query_range', {
        query: expr,
        start: from / 1000,
        end: to / 1000,
        step: step / 1000,
      });
      made.push(...drawn(found.result, target, expr, step, tables));
    }
    if (target.instant) {
      const found = await get<Instant>('query', { query: expr, time: request.range.to.valueOf() / 1000 });
      made.push(...drawn(rowsOf(found), target, expr, step, tables));
    }
    return made;
  }

  /** What a variable's query finds: label_values(), label_names(), metrics() or query_result(). */
  async metricFindQuery(
    query: string | VariableQuery,
    options: { scopedVars: ScopedVars; range: TimeRange },
  ): Promise<MetricFindValue[]> {
    const vars = { ...options.scopedVars, ...ownVariables(options.range, this.scrape, 4 * this.scrape) };
    const text = typeof query === 'string' ? query : (query.query ?? '');
    const asked = sceneGraph.interpolate(sceneOf(vars), text, vars, forQuery).trim();
    const time = { start: options.range.from.valueOf() / 1000, end: options.range.to.valueOf() / 1000 };
    const labels = /^label_values\((?:(.+),\s*)?([a-zA-Z_]\w*)\s*\)$/s.exec(asked);
    if (labels) {
      const match: Record<string, string> = labels[1] ? { 'match[]': labels[1] } : {};
      return (await get<string[]>(`label/${labels[2]}/values`, { ...time, ...match })).map((each) => ({
        text: each,
      }));
    }
    const metrics = /^metrics\((.*)\)$/s.exec(asked);
    if (metrics) {
      const names = await get<string[]>('label/__name__/values', time);
      return names.filter((each) => new RegExp(metrics[1]).test(each)).map((each) => ({ text: each }));
    }
    const result = /^query_result\((.*)\)$/s.exec(asked);
    const found = await get<Instant>('query', { query: result ? result[1] : asked, time: time.end });
    return rowsOf(found).map((row) => ({
      text: `${seriesName(row.metric, ',')} ${row.value?.[1]} ${1000 * (row.value?.[0] ?? 0)}`,
    }));
  }
}

interface Instant {
  resultType: string;
  result: PrometheusResult[] | [number, string];
}

/** An instant query's rows; a scalar is one row without labels. */
function rowsOf(found: Instant): PrometheusResult[] {
  return found.resultType === 'scalar'
    ? [{ metric: {}, value: found.result as [number, string] }]
    : (found.result as PrometheusResult[]);
}

function drawn(
  found: PrometheusResult[],
  target: Target,
  expr: string,
  step: number,
  tables: number,
): DataFrame[] {
  return target.format === 'table' ? tableOf(found, target, tables) : framesOf(found, target, expr, step);
}

/** A series as Prometheus writes it; Grafana parts labels by `,` alone where it makes a variable's values of them. */
export function seriesName(metric: Record<string, string>, between = ', '): string {
  const { __name__: name = '', ...labels } = metric;
  return `${name}{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(between)}}`;
}

function sceneOf(vars: ScopedVars): SceneObject {
  return vars.__sceneObject?.value.valueOf() as SceneObject;
}

function ownVariables(range: TimeRange, step: number, rate: number): ScopedVars {
  const span = range.to.valueOf() - range.from.valueOf();
  const values: Record<string, string | number> = {
    __interval: promDuration(step),
    __interval_ms: step,
    __rate_interval: promDuration(rate),
    __rate_interval_ms: rate,
    __range: `${Math.round(span / 1000)}s`,
    __range_s: Math.round(span / 1000),
    __range_ms: span,
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { text: value, value }]));
}

/** Ask Prometheus by way of the page's own server. Throws an Error with what Prometheus complains of. */
export async function get<T>(path: string, parameters: Record<string, string | number>): Promise<T> {
  const body = new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
  const answer = await fetch(`/api/v1/${path}?${body}`);
  const text = await answer.json();
  if (text.status !== 'success') {
    throw new Error(`${text.errorType}: ${text.error}: ${parameters.query ?? path}`);
  }
  return text.data as T;
}
