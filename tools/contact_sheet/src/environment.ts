/** What Grafana's own application sets up when it starts, as far as panels and scenes ask for it. */
import {
  booleanOverrideProcessor,
  createTheme,
  dataLinksOverrideProcessor,
  DataTransformerInfo,
  displayNameOverrideProcessor,
  EventBusSrv,
  FieldConfigPropertyItem,
  GrafanaTheme2,
  identityOverrideProcessor,
  LoadingState,
  numberOverrideProcessor,
  PanelData,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  toDataFrame,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';
import {
  config,
  DataSourceSrv,
  setAppEvents,
  setDataSourceSrv,
  setPluginImportUtils,
  setRunRequest,
} from '@grafana/runtime';
import { sceneUtils } from '@grafana/scenes';
import { catchError, from, map, Observable, of } from 'rxjs';

import { PrometheusSource, SOURCE } from './prometheus';

/** A field option that every panel has: how an override's value becomes the field's. */
const STANDARD: Record<string, FieldConfigPropertyItem['process']> = {
  displayName: displayNameOverrideProcessor as FieldConfigPropertyItem['process'],
  description: stringOverrideProcessor as FieldConfigPropertyItem['process'],
  unit: unitOverrideProcessor as FieldConfigPropertyItem['process'],
  min: numberOverrideProcessor as FieldConfigPropertyItem['process'],
  max: numberOverrideProcessor as FieldConfigPropertyItem['process'],
  fieldMinMax: booleanOverrideProcessor as FieldConfigPropertyItem['process'],
  decimals: numberOverrideProcessor as FieldConfigPropertyItem['process'],
  noValue: stringOverrideProcessor as FieldConfigPropertyItem['process'],
  color: identityOverrideProcessor,
  thresholds: thresholdsOverrideProcessor as FieldConfigPropertyItem['process'],
  mappings: valueMappingsOverrideProcessor as FieldConfigPropertyItem['process'],
  links: dataLinksOverrideProcessor as FieldConfigPropertyItem['process'],
  actions: identityOverrideProcessor,
  filterable: booleanOverrideProcessor as FieldConfigPropertyItem['process'],
};

/** What they are where neither a panel nor its plugin says. */
const DEFAULTS: Record<string, unknown> = {
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute',
    steps: [
      { value: -Infinity, color: 'green' },
      { value: 80, color: 'red' },
    ],
  },
  mappings: [],
  links: [],
};

/** Nobody edits a picture: an option's editor draws nothing. */
export const noEditor = () => null;

function standardOption(id: string): FieldConfigPropertyItem {
  return {
    id,
    path: id,
    name: id,
    description: '',
    isCustom: false,
    editor: noEditor,
    override: noEditor,
    process: STANDARD[id],
    shouldApply: () => true,
    settings: {},
    defaultValue: DEFAULTS[id],
  } as FieldConfigPropertyItem;
}

function transformers(): Array<{
  id: string;
  name: string;
  transformation: () => Promise<DataTransformerInfo>;
}> {
  const byId = new Map(
    Object.values(standardTransformers).map((each) => [each.id, each as DataTransformerInfo]),
  );
  return [...byId.values()].map((each) => ({
    id: each.id,
    name: each.name,
    transformation: async () => each,
  }));
}

/** Put a panel's queries, as Grafana does: an error becomes the panel's, and is not thrown. */
function runRequest(
  source: PrometheusSource,
  request: Parameters<PrometheusSource['query']>[0],
): Observable<PanelData> {
  return from(source.query(request)).pipe(
    map((answer) => ({
      state: LoadingState.Done,
      series: answer.data.map(toDataFrame),
      timeRange: request.range,
      request,
      structureRev: 1,
    })),
    catchError((error: Error) => {
      console.error(`query failed: ${error.message}`);
      return of({
        state: LoadingState.Error,
        series: [],
        timeRange: request.range,
        request,
        errors: [{ message: error.message }],
      });
    }),
  ) as Observable<PanelData>;
}

/** Set all of it up, once, before anything is drawn; `scrape` is the datasource's interval in milliseconds. */
export function setUp(mode: 'dark' | 'light', scrape: number): GrafanaTheme2 {
  const theme = createTheme({ colors: { mode } });
  config.theme2 = theme;
  setAppEvents(new EventBusSrv());
  standardEditorsRegistry.setInit(() => []);
  standardFieldConfigEditorRegistry.setInit(() => Object.keys(STANDARD).map(standardOption));
  standardTransformersRegistry.setInit(transformers as never);
  const source = new PrometheusSource(scrape);
  sceneUtils.registerRuntimeDataSource({ dataSource: source as never });
  setRunRequest(runRequest as never);
  setDataSourceSrv({
    get: async () => source,
    getList: () => [{ name: 'Prometheus', uid: SOURCE, type: 'prometheus', isDefault: true }],
    getInstanceSettings: () => ({ name: 'Prometheus', uid: SOURCE, type: 'prometheus', meta: source.meta }),
    reload: () => undefined,
  } as unknown as DataSourceSrv);
  setPluginImportUtils({
    importPanelPlugin: async (id: string) => {
      throw new Error(`no renderer for panels of type ${id}`);
    },
    getPanelPluginFromCache: () => undefined,
  } as never);
  return theme;
}
