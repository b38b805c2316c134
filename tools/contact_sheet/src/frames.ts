/** What Prometheus answers, as the frames that Grafana's server makes of it: a series each, or one table. */
import { DataFrame, DataQuery, Field, FieldType } from '@grafana/data';

import { seriesName } from './prometheus';

export interface Target extends DataQuery {
  expr: string;
  format?: 'time_series' | 'table' | 'heatmap';
  instant?: boolean;
  range?: boolean;
  interval?: string;
  intervalFactor?: number;
  legendFormat?: string;
}

export type Sample = [number, string];

export interface PrometheusResult {
  metric: Record<string, string>;
  value?: Sample;
  values?: Sample[];
}

const NUMBERS: Record<string, number> = { '+Inf': Infinity, '-Inf': -Infinity };
const numberOf = (text: string) => NUMBERS[text] ?? Number(text);
const samplesOf = (row: PrometheusResult): Sample[] => row.values ?? (row.value ? [row.value] : []);

/** A frame for each series; `step` in milliseconds tells a gap from a line. */
export function framesOf(found: PrometheusResult[], target: Target, expr: string, step: number): DataFrame[] {
  return found.map((row) => {
    const samples = samplesOf(row);
    const legend = legendOf(row.metric, target.legendFormat, expr);
    const time = field(
      'Time',
      FieldType.time,
      samples.map(([at]) => Math.round(1000 * at)),
      { interval: step },
    );
    const { __name__: name = 'Value', ...labels } = row.metric;
    const value = field(
      name === 'Value' || target.legendFormat ? 'Value' : name,
      FieldType.number,
      samples.map(([, text]) => numberOf(text)),
      legend ? { displayNameFromDS: legend } : {},
      labels,
    );
    return { refId: target.refId, name: legend || undefined, fields: [time, value], length: samples.length };
  });
}

/** One frame for all series: a column for each label. With several tables, the value's name tells the query. */
export function tableOf(found: PrometheusResult[], target: Target, tables: number): DataFrame[] {
  const rows = found.flatMap((row) => samplesOf(row).map((sample) => ({ metric: row.metric, sample })));
  if (rows.length === 0) {
    return [{ refId: target.refId, fields: [], length: 0 }];
  }
  const labels = [...new Set(found.flatMap((row) => Object.keys(row.metric)))].sort();
  const fields = [
    field(
      'Time',
      FieldType.time,
      rows.map(({ sample }) => Math.round(1000 * sample[0])),
    ),
    ...labels.map((label) =>
      field(
        label,
        FieldType.string,
        rows.map(({ metric }) => metric[label] ?? ''),
        { filterable: true },
      ),
    ),
    field(
      tables > 1 ? `Value #${target.refId}` : 'Value',
      FieldType.number,
      rows.map(({ sample }) => numberOf(sample[1])),
    ),
  ];
  return [{ refId: target.refId, fields, length: rows.length }];
}

/** The legend: the format filled in; with none the whole series; '' where Grafana names it by its labels. */
export function legendOf(metric: Record<string, string>, format: string | undefined, expr: string): string {
  if (format === '__auto') {
    return Object.keys(metric).length > 0 ? '' : expr;
  }
  const legend = format
    ? format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => metric[label] ?? '')
    : seriesName(metric);
  return legend === '{}' ? expr : legend;
}

function field(
  name: string,
  type: FieldType,
  values: unknown[],
  config: Field['config'] = {},
  labels?: Record<string, string>,
): Field {
  return { name, type, values, config, labels };
}
