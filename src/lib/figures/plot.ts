/**
 * What the charts use of Observable Plot. Asked for as a whole it would come with maps, trees and hexagons that no chart
 * of the site draws.
 */
export { areaY, dot, gridY, line, lineY, plot, rect, ruleX, ruleY, text } from '@observablehq/plot';
