/** Draws one board: `?board=PATH&theme=dark&width=1920&from=…&to=…&scrape=15000&var-NAME=VALUE`. */
import './boot';
import '@grafana/react-data-grid/lib/styles.css';
import 'uplot/dist/uPlot.min.css';

import { ThemeContext } from '@grafana/data';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router-dom';

import { BoardJson, sceneOf } from './board';
import { setUp } from './environment';
import { registerPanels } from './panels';
import { Sheet } from './sheet';

async function main(): Promise<void> {
  const asked = new URLSearchParams(window.location.search);
  const board = (await (await fetch(`/boards/${asked.get('board')}`)).json()) as BoardJson;
  const theme = setUp(asked.get('theme') === 'light' ? 'light' : 'dark', Number(asked.get('scrape')));
  registerPanels();
  const time = { from: asked.get('from') ?? board.time.from, to: asked.get('to') ?? board.time.to };
  const chosen = Object.fromEntries(
    [...asked].filter(([key]) => key.startsWith('var-')).map(([key, value]) => [key.slice(4), value]),
  );
  const scene = sceneOf(board, time, chosen);
  createRoot(document.getElementById('root')!).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <MemoryRouter>
        <Sheet board={board} scene={scene} width={Number(asked.get('width') ?? 1920)} />
      </MemoryRouter>
      <PortalContainer />
    </ThemeContext.Provider>,
  );
}

main().catch((error: Error) => console.error(error));
