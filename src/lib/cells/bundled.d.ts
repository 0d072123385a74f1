/** A module with all it imports, as the text of one script (plugins/bundled.ts). */
declare module '*?bundled' {
  const code: string;
  export default code;
}
/** The names that a module exports (plugins/members.ts). */
declare module '*?members' {
  const names: readonly string[];
  export default names;
}
