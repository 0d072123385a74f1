/** D3 for cells: fetched by the page when a cell names it, and handed to the sandbox as text. */
import * as d3 from 'd3';

export { d3 };
