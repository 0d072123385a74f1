/** Plot for cells, with what it uses of D3: fetched by the page when a cell names it, and handed to the sandbox as text. */
import * as Plot from '@observablehq/plot';

export { Plot };
