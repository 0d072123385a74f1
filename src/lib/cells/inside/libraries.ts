/** Plot and D3 for cells: fetched by the page when cells name both of them, and handed to the sandbox as text. */
import * as Plot from '@observablehq/plot';
import * as d3 from 'd3';

export { d3, Plot };
