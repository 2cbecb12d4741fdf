/** Tailwind writes the utilities that the components name; app/globals.css says what it may know. */
export default { plugins: { '@tailwindcss/postcss': {} } }
