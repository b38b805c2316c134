/** What the driver outside asks the page: which panels are still being drawn, and what came of each. */
import { LoadingState } from '@grafana/data';
import { EmbeddedScene, sceneGraph, VizPanel } from '@grafana/scenes';

interface Canvas {
  width: number;
  height: number;
  ink: number;
}
interface Seen {
  title: string;
  type: string;
  text: string;
  /** What it says in place of data; '' where it has some. */
  nothing: string;
  /** Addresses of links. */
  links: string[];
  /** Shapes drawn otherwise than on a canvas. */
  marks: number;
  canvases: Canvas[];
}
interface ContactSheet {
  pending: () => string[];
  seen: () => Seen[];
  complaints: () => string[];
}

declare global {
  interface Window {
    contactSheet?: ContactSheet;
  }
}

/** Alpha above which a pixel is ink: grid lines and fills are fainter, lines, points and texts are not. */
const OPAQUE = 64;

/** CSS pixels beside a plot's inside that belong to it: a line at zero lies on its edge. */
const EDGE = 1;

/** Let the driver ask from now on, about these panels. */
export function tell(panels: VizPanel[], scene: EmbeddedScene): void {
  window.contactSheet = {
    pending: () => panels.filter((each) => !isDrawn(each)).map((each) => each.state.title),
    complaints: () => [
      ...scene.state
        .$variables!.state.variables.filter((each) => isUnset(each.getValue()))
        .map((each) => `the variable ${each.state.name} has no value`),
      ...panels
        .filter((each) => each.state._pluginLoadError)
        .map((each) => `${each.state.title}: ${each.state._pluginLoadError}`),
    ],
    seen: () => [...document.querySelectorAll<HTMLElement>('section[data-title]')].map(seenIn),
  };
}

const isUnset = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function isDrawn(panel: VizPanel): boolean {
  const data = panel.state.$data && sceneGraph.getData(panel).state.data;
  const loaded =
    !panel.state.$data || data?.state === LoadingState.Done || data?.state === LoadingState.Error;
  return loaded && (panel.getPlugin() !== undefined || panel.state._pluginLoadError !== undefined);
}

function seenIn(section: HTMLElement): Seen {
  const content = section.querySelector<HTMLElement>('[data-testid="data-testid panel content"]') ?? section;
  return {
    title: section.dataset.title ?? '',
    type: section.dataset.type ?? '',
    text: content.innerText,
    nothing: nothingIn(section, content),
    links: [...section.querySelectorAll('a')].map((each) => decodeURIComponent(each.href)),
    marks: [...section.querySelectorAll<SVGElement>('[data-marks]')].reduce(
      (sum, each) => sum + Number(each.dataset.marks),
      0,
    ),
    canvases: [...section.querySelectorAll('canvas')].map((canvas) => ({
      width: canvas.width,
      height: canvas.height,
      ink: inkOf(canvas),
    })),
  };
}

/** A single value says by its text that there is none; a table's cell may well do so. */
function nothingIn(section: HTMLElement, content: HTMLElement): string {
  const said = section.querySelector<HTMLElement>('[data-nothing]')?.innerText;
  const noValue = section.dataset.noValue ?? 'No data';
  const single = ['stat', 'bargauge', 'gauge'].includes(section.dataset.type ?? '');
  return said ?? (single && content.innerText.split('\n').includes(noValue) ? noValue : '');
}

/** How many pixels of a plot's inside, or of a canvas that is no plot, are drawn on. */
function inkOf(canvas: HTMLCanvasElement): number {
  const inside = canvas.parentElement?.querySelector<HTMLElement>('.u-over');
  const ratio = canvas.width / canvas.clientWidth;
  const [x, y, width, height] = inside
    ? [
        inside.offsetLeft - EDGE,
        inside.offsetTop - EDGE,
        inside.offsetWidth + 2 * EDGE,
        inside.offsetHeight + 2 * EDGE,
      ].map((each) => Math.round(each * ratio))
    : [0, 0, canvas.width, canvas.height];
  if (!width || !height) {
    return 0;
  }
  const { data } = canvas.getContext('2d')!.getImageData(x, y, width, height);
  let ink = 0;
  for (let index = 3; index < data.length; index += 4) {
    ink += data[index] > OPAQUE ? 1 : 0;
  }
  return ink;
}
