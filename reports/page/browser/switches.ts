import { element } from './elements.ts';

/** Two switches: light or dark, which begins as the system has it, and the colours of gains and losses. */
export function setSwitches(): void {
  const root = document.documentElement;
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const theme = element<HTMLButtonElement>('theme');
  const palette = element<HTMLButtonElement>('palette');
  const isDark = (): boolean => (root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = (): void => theme.setAttribute('aria-pressed', String(isDark()));
  theme.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    show();
  });
  palette.addEventListener('click', () => {
    const next = root.dataset['palette'] === 'blue' ? 'green' : 'blue';
    root.dataset['palette'] = next;
    palette.setAttribute('aria-pressed', String(next === 'blue'));
  });
  system.addEventListener('change', show);
  show();
  theme.hidden = false;
  palette.hidden = false;
}
