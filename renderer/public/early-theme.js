// Runs before the first paint, so that a chosen theme never flashes the other one. The key is the one of app/theme.ts.
const theme = localStorage.getItem("switchyard.theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
