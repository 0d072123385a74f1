/** Finds the principal components of the signs' directions, away from the page's thread. */
import { principalComponents, project } from '#lib/analysis/pca.ts';
import type { MapOf } from './map-of.ts';

interface Asked {
  readonly rows: Float32Array;
  readonly width: number;
}

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(message: MapOf): void;
};

scope.onmessage = ({ data: { rows, width } }) => {
  const pca = principalComponents(rows, width, { count: 2 });
  scope.postMessage({ pca, points: project(pca, rows) });
};
