/** A model of the reader's, as its name in links says it. */
const OWN = /^own-[0-9a-f]{12}$/;

/** What a lesson's address says of it: its name, its file's name, what was corrected, where it is looked at. */
const FIELDS = ['m', 'file', 'as', 'on'];

/**
 * Takes from a query what it says of a network of the reader's own: those fields as a query of their own, without a
 * question mark, empty where none is named. A name that is no such network's stays, for whoever reads the rest.
 */
export function splitNetwork(search: string): { readonly network: string; readonly rest: string } {
  const rest = new URLSearchParams(search);
  const network = new URLSearchParams();
  if (!OWN.test(rest.get('m') ?? '')) return { network: '', rest: search };
  for (const field of FIELDS) {
    const value = rest.get(field);
    if (value !== null) network.set(field, value);
    rest.delete(field);
  }
  return { network: network.toString(), rest: rest.toString() };
}
