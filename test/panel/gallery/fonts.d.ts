/** A style sheet that Vite puts into the page. */
declare module '@fontsource-variable/rubik/wght.css';
