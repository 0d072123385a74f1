/** A text cell: a heading and a paragraph, as the template of a cell makes them. */
export const note = (title: string, text: string): string => `html\`<h2>${title}</h2>\n<p>${text}</p>\``;
