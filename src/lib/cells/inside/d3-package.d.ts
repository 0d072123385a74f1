/** D3 is handed to cells as it is; nothing here calls it. */
declare module 'd3';
