// Sets the theme before the first paint. A file of its own, because the page's security policy allows no inline script.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('patchwork:theme');
  } catch (e) {
    // Storage is closed to us: follow the system.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-theme', dark ? 'dark' : 'light');
  document.documentElement.setAttribute('data-scripts', '');
})();
