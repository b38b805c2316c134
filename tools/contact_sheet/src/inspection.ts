/** What the driver outside asks the page: which panels are still being drawn, and what came of each. */
import { LoadingState } from '@grafana/data';
import { sceneGraph, VizPanel } from '@grafana/scenes';

interface Canvas { width: number; height: number; ink: number }
interface Seen { title: string; type: string; text: string; canvases: Canvas[] }
interface ContactSheet { pending: () => string[]; seen: () => Seen[] }

declare global {
  interface Window { contactSheet?: ContactSheet }
}

/** Alpha above which a pixel is ink: grid lines and fills are fainter, lines, points and texts are not. */
const OPAQUE = 64;

/** CSS pixels beside a plot's inside that belong to it: a line at zero lies on its edge. */
const EDGE = 1;

/** Let the driver ask from now on, about these panels. */
export function tell(panels: VizPanel[]): void {
  window.contactSheet = {
    pending: () => panels.filter((each) => !isDrawn(each)).map((each) => each.state.title),
    seen: () => [...document.querySelectorAll<HTMLElement>('section[data-title]')].map(seenIn),
  };
}

function isDrawn(panel: VizPanel): boolean {
  const data = panel.state.$data && sceneGraph.getData(panel).state.data;
  const loaded = !panel.state.$data || data?.state === LoadingState.Done || data?.state === LoadingState.Error;
  return loaded && (panel.getPlugin() !== undefined || panel.state._pluginLoadError !== undefined);
}

function seenIn(section: HTMLElement): Seen {
  const content = section.querySelector<HTMLElement>('[data-testid="data-testid panel content"]') ?? section;
  return {
    title: section.dataset.title ?? '', type: section.dataset.type ?? '', text: content.innerText,
    canvases: [...section.querySelectorAll('canvas')].map((canvas) => ({
      width: canvas.width, height: canvas.height, ink: inkOf(canvas),
    })),
  };
}

/** How many pixels of a plot's inside, or of a canvas that is no plot, are drawn on. */
function inkOf(canvas: HTMLCanvasElement): number {
  const inside = canvas.parentElement?.querySelector<HTMLElement>('.u-over');
  const ratio = canvas.width / canvas.clientWidth;
  const [x, y, width, height] = inside
    ? [inside.offsetLeft - EDGE, inside.offsetTop - EDGE, inside.offsetWidth + 2 * EDGE, inside.offsetHeight + 2 * EDGE].map((each) => Math.round(each * ratio))
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
