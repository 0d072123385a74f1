/** The page's address with this query (`?v=…` or empty) and no fragment: what a link to the view is. */
export function addressOf(link: string): string {
  const url = new URL(location.href);
  url.search = link;
  url.hash = '';
  return url.href;
}

/** The same for the address bar, where the choice of device stays. */
export function barAddress(link: string): string {
  const url = new URL(addressOf(link));
  const device = new URLSearchParams(location.search).get('device');
  if (device) url.searchParams.set('device', device);
  return url.href;
}
