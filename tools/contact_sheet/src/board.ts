/** A dashboard's JSON as Grafana's scenes: its variables, its time, and the panels with their queries. */
import {
  DataTransformerConfig,
  FieldConfigSource,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/data';
import {
  ConstantVariable,
  CustomVariable,
  DataSourceVariable,
  EmbeddedScene,
  IntervalVariable,
  LocalValueVariable,
  MultiValueVariable,
  QueryVariable,
  SceneDataTransformer,
  SceneFlexLayout,
  SceneQueryRunner,
  SceneTimeRange,
  SceneVariable,
  SceneVariableSet,
  TextBoxVariable,
  VizPanel,
} from '@grafana/scenes';

import { AnnotationJson } from './annotations';
import { Target } from './frames';
import { SOURCE } from './prometheus';

export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface PanelJson {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: GridPos;
  collapsed?: boolean;
  panels?: PanelJson[];
  targets?: Target[];
  transformations?: DataTransformerConfig[];
  options?: object;
  fieldConfig?: FieldConfigSource;
  interval?: string;
  maxDataPoints?: number;
  transparent?: boolean;
  repeat?: string;
  repeatDirection?: 'h' | 'v';
  maxPerRow?: number;
  timeFrom?: string;
  hideTimeOverride?: boolean;
}

interface VariableJson {
  name: string;
  type: string;
  label?: string;
  hide?: VariableHide;
  query?: unknown;
  regex?: string;
  sort?: VariableSort;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  current?: { text?: string | string[]; value?: string | string[] };
  auto?: boolean;
  auto_min?: string;
  auto_count?: number;
}

export interface BoardJson {
  uid: string;
  title: string;
  description?: string;
  timezone?: string;
  time: { from: string; to: string };
  templating?: { list?: VariableJson[] };
  annotations?: { list?: AnnotationJson[] };
  panels: PanelJson[];
}

/** A datasource's name in a board: there is one, whatever the variable is called. */
const DATASOURCE = { type: 'prometheus', uid: SOURCE };

/** The scene that variables and time hang on; what it draws itself is nothing. `chosen` sets variables. */
export function sceneOf(
  board: BoardJson,
  time: { from: string; to: string },
  chosen: Record<string, string>,
): EmbeddedScene {
  const variables = (board.templating?.list ?? []).map((each) =>
    variableOf(each, chosen[each.name]?.split(',')),
  );
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ ...time, timeZone: board.timezone }),
    $variables: new SceneVariableSet({ variables }),
    body: new SceneFlexLayout({ children: [] }),
  });
}

function variableOf(json: VariableJson, chosen: string[] | undefined): SceneVariable {
  const { name, label, hide, regex, multi: isMulti, includeAll, allValue, sort } = json;
  const common = { name, label, hide };
  const current = chosen ? (isMulti ? chosen : chosen[0]) : json.current?.value;
  const value = current ?? (includeAll ? '$__all' : '');
  const many = {
    ...common,
    isMulti,
    includeAll,
    allValue,
    value,
    text: chosen ? value : (json.current?.text ?? ''),
  };
  switch (json.type) {
    case 'datasource':
      return new DataSourceVariable({
        ...common,
        pluginId: String(json.query),
        regex,
        value: SOURCE,
        text: 'Prometheus',
      });
    case 'query':
      return new QueryVariable({
        ...many,
        query: json.query as never,
        regex,
        sort,
        datasource: DATASOURCE,
        refresh: VariableRefresh.onTimeRangeChanged,
      });
    case 'custom':
      return new CustomVariable({ ...many, query: String(json.query) });
    case 'constant':
      return new ConstantVariable({ ...common, value: String(json.query) });
    case 'textbox':
      return new TextBoxVariable({ ...common, value: String(value || json.query || '') });
    case 'interval':
      return new IntervalVariable({
        ...common,
        intervals: String(json.query).split(','),
        autoEnabled: json.auto,
        autoMinInterval: json.auto_min,
        autoStepCount: json.auto_count,
        value: String(value),
      });
    default:
      throw new Error(`variable ${name} has the type ${json.type}, which is not known here`);
  }
}

/** Where one panel stands, and what it is. */
export interface Placed {
  json: PanelJson;
  panel?: VizPanel;
}

/** All that a board shows, in its order: rows as bars, panels repeated for each value of their variable. */
export function placed(board: BoardJson, scene: EmbeddedScene): Placed[] {
  const opened = board.panels.flatMap((each) =>
    each.type === 'row' ? [each, ...(each.panels ?? [])] : [each],
  );
  let lower = 0;
  return opened.flatMap((json) => {
    if (json.type === 'row') {
      return [{ json: { ...json, gridPos: { ...json.gridPos, y: json.gridPos.y + lower } } }];
    }
    const shifted = { ...json, gridPos: { ...json.gridPos, y: json.gridPos.y + lower } };
    const values = json.repeat ? valuesOf(scene, json.repeat) : undefined;
    if (!values) {
      return [{ json: shifted, panel: panelOf(shifted, board.timezone) }];
    }
    const made = values.map((each, index) => repeated(shifted, each, index, values.length, board.timezone));
    const last = made[made.length - 1].json.gridPos;
    lower += last.y + last.h - (shifted.gridPos.y + shifted.gridPos.h);
    return made;
  });
}

function valuesOf(scene: EmbeddedScene, name: string): Array<{ value: string; label: string }> | undefined {
  const variable = scene.state.$variables!.getByName(name);
  if (!(variable instanceof MultiValueVariable)) {
    return undefined;
  }
  const { value, options } = (variable as MultiValueVariable).state;
  const wanted = ([] as unknown[]).concat(value).map(String);
  const found = options.filter((each) => wanted.includes('$__all') || wanted.includes(String(each.value)));
  return found.length > 0
    ? found.map((each) => ({ value: String(each.value), label: each.label }))
    : undefined;
}

/** One of a repeated panel's copies, side by side or one below the other. */
function repeated(
  json: PanelJson,
  one: { value: string; label: string },
  index: number,
  count: number,
  zone?: string,
): Placed {
  const { x, y, w, h } = json.gridPos;
  const across = Math.min(count, json.maxPerRow ?? 4);
  const gridPos =
    json.repeatDirection === 'v'
      ? { x, w, h, y: y + index * h }
      : {
          x: (index % across) * Math.floor(24 / across),
          w: Math.floor(24 / across),
          h,
          y: y + Math.floor(index / across) * h,
        };
  const copy = { ...json, gridPos };
  const local = new LocalValueVariable({ name: json.repeat!, value: one.value, text: one.label });
  return { json: copy, panel: panelOf(copy, zone, `${json.id}-${index}`, local) };
}

function panelOf(
  json: PanelJson,
  zone?: string,
  key = String(json.id),
  local?: LocalValueVariable,
): VizPanel {
  const queries = (json.targets ?? []).map((each) => ({ ...each, datasource: DATASOURCE }));
  const runner = new SceneQueryRunner({
    queries,
    datasource: DATASOURCE,
    minInterval: json.interval,
    maxDataPoints: json.maxDataPoints,
    maxDataPointsFromWidth: true,
  });
  const $data =
    queries.length > 0
      ? new SceneDataTransformer({ $data: runner, transformations: json.transformations ?? [] })
      : undefined;
  return new VizPanel({
    key: `panel-${key}`,
    title: json.title,
    description: json.description,
    pluginId: json.type,
    options: json.options ?? {},
    fieldConfig: json.fieldConfig ?? { defaults: {}, overrides: [] },
    displayMode: json.transparent ? 'transparent' : 'default',
    $data,
    $timeRange: json.timeFrom
      ? new SceneTimeRange({ from: `now-${json.timeFrom}`, to: 'now', timeZone: zone })
      : undefined,
    subtitle: json.timeFrom && !json.hideTimeOverride ? `Last ${json.timeFrom}` : undefined,
    $variables: local ? new SceneVariableSet({ variables: [local] }) : undefined,
  });
}
