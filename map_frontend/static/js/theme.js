// Colours are the page's own tokens: the canvas reads what the stylesheet says. The choice is kept in a cookie.
const cache = new Map();

/** The value of a palette token now. */
export function colour(token) {
  if (!cache.has(token)) cache.set(token, getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim() || "#888888");
  return cache.get(token);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Wire the theme button; `changed` is called after the tokens have changed. */
export function wireTheme(changed) {
  const button = document.querySelector("[data-theme-toggle]");
  const apply = () => { cache.clear(); if (button) button.setAttribute("aria-pressed", String(isDark())); changed(); };
  if (button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      const next = isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
      apply();
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
}
