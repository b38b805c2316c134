/** The page: the board's title, what it is for, its time and variables, and every panel in its place. */
import { DateTime, dateTimeFormat } from '@grafana/data';
import {
  EmbeddedScene,
  MultiValueVariable,
  SceneFlexItem,
  SceneFlexLayout,
  sceneGraph,
  SceneVariable,
  VizPanel,
} from '@grafana/scenes';
import { useTheme2 } from '@grafana/ui';
import { useEffect, useState } from 'react';

import { annotated, Stretch, Stretches } from './annotations';
import { BoardJson, Placed, placed } from './board';
import { tell } from './inspection';
import { Box, boxes } from './layout';
import { STAND_INS } from './panels';

interface Props {
  board: BoardJson;
  scene: EmbeddedScene;
  width: number;
}

const MARGIN = 16;
const NOTE = 16;

export function Sheet({ board, scene, width }: Props) {
  const theme = useTheme2();
  const ready = useReady(scene);
  const [drawn, setDrawn] = useState<{ items: Placed[]; stretches: Stretch[] }>();
  useEffect(() => {
    if (ready) {
      const items = placed(board, scene);
      // A panel finds the board's variables and time by its parents.
      const children = items.flatMap(({ panel }) => (panel ? [new SceneFlexItem({ body: panel })] : []));
      scene.setState({ body: new SceneFlexLayout({ children }) });
      annotated(board.annotations?.list ?? [], scene).then((stretches) => {
        tell(
          children.map((each) => each.state.body as VizPanel),
          scene,
        );
        setDrawn({ items, stretches });
      });
    }
  }, [ready, board, scene]);
  const style = {
    padding: MARGIN,
    width,
    boxSizing: 'border-box',
    overflow: 'hidden',
    background: theme.colors.background.canvas,
    minHeight: '100vh',
  } as const;
  return (
    <main style={style}>
      <Head board={board} scene={scene} />
      {drawn && (
        <Stretches.Provider value={drawn.stretches}>
          <Grid items={drawn.items} width={width - 2 * MARGIN} scene={scene} />
        </Stretches.Provider>
      )}
    </main>
  );
}

function Grid({ items, width, scene }: { items: Placed[]; width: number; scene: EmbeddedScene }) {
  const laid = boxes(
    items.map((each) => each.json.gridPos),
    width,
  );
  return (
    <div style={{ position: 'relative', height: laid.height }}>
      {items.map((each, index) => (
        <Cell key={index} item={each} box={laid.boxes[index]} scene={scene} />
      ))}
    </div>
  );
}

/** Whether every variable has its value. */
function useReady(scene: EmbeddedScene): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const stop = scene.activate();
    const watch = window.setInterval(() => {
      if (
        !scene.state.$variables!.state.variables.some(
          (each) => sceneGraph.hasVariableDependencyInLoadingState(each) || isLoading(each, scene),
        )
      ) {
        window.clearInterval(watch);
        setReady(true);
      }
    }, 50);
    return () => {
      window.clearInterval(watch);
      stop();
    };
  }, [scene]);
  return ready;
}

function isLoading(variable: SceneVariable, scene: EmbeddedScene): boolean {
  return scene.state.$variables!.isVariableLoadingOrWaitingToUpdate(variable);
}

function Head({ board, scene }: { board: BoardJson; scene: EmbeddedScene }) {
  const theme = useTheme2();
  const { value, timeZone } = scene.state.$timeRange!.useState();
  const format = (at: DateTime) => dateTimeFormat(at, { timeZone, format: 'YYYY-MM-DD HH:mm' });
  const variables = scene.state
    .$variables!.useState()
    .variables.filter((each) => each.state.type !== 'datasource' && !each.state.hide);
  return (
    <header style={{ marginBottom: theme.spacing(2) }}>
      <h1 style={{ fontSize: 22, margin: 0 }}>{board.title}</h1>
      {board.description && (
        <p style={{ margin: '4px 0', color: theme.colors.text.secondary }}>{board.description}</p>
      )}
      <p style={{ margin: 0, color: theme.colors.text.secondary }}>
        {format(value.from)} – {format(value.to)} {timeZone}
        {ownRange(board, scene)}
        {variables.map((each) => (
          <span key={each.state.name}>
            {' '}
            · {each.state.label ?? each.state.name}: <Chosen variable={each} />
          </span>
        ))}
      </p>
    </header>
  );
}

/** The board's own range, where the picture's is another: there is less to be seen of the lab. */
function ownRange(board: BoardJson, scene: EmbeddedScene): string {
  const { from, to } = board.time;
  return scene.state.$timeRange!.state.from === from ? '' : ` (the board's own: ${from} – ${to})`;
}

function Chosen({ variable }: { variable: SceneVariable }) {
  const state = variable.useState() as { text?: unknown; value?: unknown };
  const text =
    variable instanceof MultiValueVariable
      ? variable.getValueText()
      : String(state.text ?? state.value ?? '');
  return <b>{text}</b>;
}

function Cell({ item, box, scene }: { item: Placed; box: Box; scene: EmbeddedScene }) {
  const theme = useTheme2();
  const standIn = STAND_INS.has(item.json.type);
  if (!item.panel) {
    const title = sceneGraph.interpolate(scene, item.json.title, undefined, 'text');
    return (
      <h2 style={{ position: 'absolute', ...box, fontSize: 16, margin: 0, lineHeight: `${box.height}px` }}>
        {title}
      </h2>
    );
  }
  const height = box.height - (standIn ? NOTE : 0);
  return (
    <section
      style={{ position: 'absolute', ...box }}
      data-title={item.json.title}
      data-type={item.json.type}
      data-no-value={item.json.fieldConfig?.defaults.noValue}
    >
      <div style={{ position: 'relative', height, display: 'flex' }}>
        <Panel panel={item.panel} />
      </div>
      {standIn && (
        <small style={{ fontSize: 10, lineHeight: `${NOTE}px`, color: theme.colors.text.disabled }}>
          drawn by a stand-in
        </small>
      )}
    </section>
  );
}

function Panel({ panel }: { panel: VizPanel }) {
  return <panel.Component model={panel} />;
}
