import path from 'node:path';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite';
import { squeezeCssTemplates } from './squeeze-css.ts';

/** One emitted JavaScript file, before anything touches the disk. Names are relative to `dist/`, with forward slashes. */
export type BundledFile = {
  readonly fileName: string;
  readonly code: string;
  /** Files that the browser fetches together with this one: its static imports, not theirs. */
  readonly imports: readonly string[];
  /** Files that it fetches only when asked to. */
  readonly dynamicImports: readonly string[];
  /** Names, also those by which it shares code with the files that it fetches later. */
  readonly exports: readonly string[];
  /** Absolute paths of the modules inside. */
  readonly modules: readonly string[];
};

export type Bundle = {
  readonly files: readonly BundledFile[];
  /** The hashed files behind the rooms that are fetched on intent. */
  readonly lazy: Readonly<Record<'client' | 'controller' | 'panel' | 'dropIn', string>>;
};

const chunkName = 'chunks/[name]-[hash].js';

type Pass = {
  readonly root: string;
  readonly entry: Readonly<Record<string, string>>;
  readonly format: 'es' | 'iife';
  readonly entryFileNames: string;
  readonly plugins?: readonly Plugin[];
  /** The entry has the exports of its source and no others, at the price of a file more for what it shares. */
  readonly strict?: boolean;
};

/**
 * Bundles the widget. What is fetched on intent is bundled apart from each other, so that there is no shared file that the
 * browser would find only after having read one of them; the few lines of `protocol` that several need are in each.
 */
export async function bundleWidget(root: string): Promise<Bundle> {
  const lazyPass = { root, format: 'es', entryFileNames: chunkName } as const;
  const clientPass = { ...lazyPass, entry: { client: 'src/client/index.ts' } };
  const [client, strictClient, controller, panel, dropIn] = await Promise.all([
    bundle(clientPass),
    bundle({ ...clientPass, strict: true }),
    bundle({ ...lazyPass, entry: { controller: 'src/shell/controller.ts' } }),
    bundle({ ...lazyPass, entry: { panel: 'src/panel/index.ts' } }),
    bundle({ ...lazyPass, entry: { 'drop-in': 'src/page/drop-in.ts' } }),
  ]);
  refuseModulesOf('client', [...controller, ...panel], root);
  const lazy = {
    client: entryOf(client).fileName,
    controller: entryOf(controller).fileName,
    panel: entryOf(panel).fileName,
    dropIn: entryOf(dropIn).fileName,
  };
  const outer = { root, plugins: [lazyRooms(root, lazy)] };
  const [modules, script] = await Promise.all([
    bundle({
      ...outer,
      format: 'es',
      entry: { 'chat-widget': 'src/page/index.ts', element: 'src/shell/index.ts' },
      entryFileNames: '[name].js',
    }),
    bundle({
      ...outer,
      format: 'iife',
      entry: { chat: 'src/page/script.ts' },
      entryFileNames: '[name].js',
      plugins: [...outer.plugins, importsFromScriptUrl()],
    }),
  ]);
  const files = [
    ...client,
    ...controller,
    ...panel,
    ...dropIn,
    clientFace(lazy.client, entryOf(strictClient).exports),
    ...modules,
    ...script,
  ];
  return { files: files.filter(onlyFirst), lazy };
}

async function bundle(pass: Pass): Promise<BundledFile[]> {
  const result = await build(viteConfig(pass));
  if ('close' in result) throw new Error('vite started to watch instead of building');
  return [result]
    .flat()
    .flatMap(({ output }) => output)
    .map(toFile);
}

function viteConfig(pass: Pass): InlineConfig {
  return {
    configFile: false,
    root: pass.root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [...templateMinifiers(pass.root), ownTemplates(), ownExports(), ...(pass.plugins ?? [])],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      reportCompressedSize: false,
      lib: { entry: { ...pass.entry }, formats: [pass.format], name: 'chatWidget' },
      rolldownOptions: {
        // What an entry shares with what it fetches later stays in the entry: a third file would cost a round trip.
        preserveEntrySignatures: pass.strict ? 'strict' : 'allow-extension',
        output: {
          minify: true,
          comments: false,
          // Every page pays for the names of four files: letters of one case cost it less, and some disks tell no other.
          hashCharacters: 'base36',
          entryFileNames: pass.entryFileNames,
          chunkFileNames: chunkName,
        },
      },
    },
  };
}

/** Only our own templates: lit's sources hold tags of the same names that are not templates. */
function templateMinifiers(root: string): Plugin[] {
  const sources = `${root.split(path.sep).join('/')}/src/`;
  // Without its closing slash a shape in a template of `svg` would hold the shapes after it, which are then not drawn;
  // and the space between two templates is one between two words.
  const options = {
    shouldMinifyCSS: () => false,
    minifyOptions: { keepClosingSlash: true, conservativeCollapse: true },
  };
  // The plugin is typed against rollup, whose plugin context vite's bundler offers under types of its own.
  const html = minifyTemplateLiterals({ include: `${sources}**`, options, failOnError: true }) as unknown as Plugin;
  return [squeezeCssTemplates(sources), { ...html, enforce: 'pre' }];
}

/**
 * Trusted Types: lit makes its templates by a policy, whose name a page allows one script only. As `lit-html` it would be
 * the page's own lit or ours; so ours has a name of its own (docs/widget.md, "What a page has to allow").
 * And they are HTML also on pages that are XHTML, which read markup otherwise.
 */
function ownTemplates(): Plugin {
  return {
    name: 'own-templates',
    transform(code, id) {
      if (!/\/lit-html\/(development\/)?lit-html\.js$/.test(id.split(path.sep).join('/'))) return null;
      const renamed = code.replace(/(createPolicy\(['"])lit-html/, '$1chat-widget');
      const parsed = renamed.replace(
        /\w+(\.createElement\(['"]template)/,
        "document.implementation.createHTMLDocument('')$1",
      );
      if (renamed === code || parsed === renamed) throw new Error('lit-html makes its templates in another way');
      return { code: parsed, map: null };
    },
  };
}

/**
 * The bundler makes the exports of a fetched file by `for … in`, which also meets what a page has put on the prototype of all
 * objects, and fails on what is no function there. Before the minifier.
 */
function ownExports(): Plugin {
  return {
    name: 'own-exports',
    renderChunk(code, { fileName }) {
      const [helper] = /var __exportAll = [^;]*?=> \{[\s\S]*?\n\};/.exec(code) ?? [];
      if (helper === undefined) return null;
      const own = helper.replace(/ in (\w+)\)/, ' of Object.keys($1))');
      if (own === helper) throw new Error(`${fileName} makes its exports in another way`);
      return code.replace(helper, () => own);
    },
  };
}

/** Keeps `import('../client/index.ts')` a native import, of the hashed file that an earlier pass has made. */
function lazyRooms(root: string, lazy: Bundle['lazy']): Plugin {
  const rooms = new Map([
    [path.join(root, 'src/client/index.ts'), lazy.client],
    [path.join(root, 'src/shell/controller.ts'), lazy.controller],
    [path.join(root, 'src/panel/index.ts'), lazy.panel],
    [path.join(root, 'src/page/drop-in.ts'), lazy.dropIn],
  ]);
  return {
    name: 'lazy-rooms',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer === undefined || !source.startsWith('.')) return null;
      const fileName = rooms.get(path.resolve(path.dirname(importer), source));
      return fileName === undefined ? null : { id: `./${fileName}`, external: true };
    },
  };
}

/**
 * In a classic script from another origin `import('./x.js')` has no base to resolve against (the specification mutes it
 * to `about:blank`), so the script's own address is read while it runs and made the base. Before the minifier.
 */
function importsFromScriptUrl(): Plugin {
  const base = 'chatWidgetScriptUrl';
  // Asked of the interface: of the document itself an <img name="currentScript"> would answer, which may be a visitor's.
  const currentScript = 'Reflect.get(Document.prototype, "currentScript", document)';
  return {
    name: 'imports-from-script-url',
    outputOptions: (options) => ({ ...options, intro: `const ${base} = ${currentScript}?.src;` }),
    renderChunk(code, chunk) {
      const rewritten = code.replaceAll(/\bimport\(("\.\/chunks\/[^"]+")\)/g, `import(new URL($1, ${base}))`);
      const expected = chunk.dynamicImports.length;
      if (rewritten.split(`, ${base}))`).length - 1 < expected) {
        throw new Error(`${chunk.fileName} holds an import() that was not made absolute`);
      }
      return rewritten;
    },
  };
}

/**
 * `chat-widget/client` is the same file that the widget itself fetches, under a name that stays, and without the names
 * that its own later parts import from it.
 */
function clientFace(fileName: string, names: readonly string[]): BundledFile {
  const code = `export{${names.join(',')}}from"./${fileName}";\n`;
  return { fileName: 'client.js', code, imports: [fileName], dynamicImports: [], exports: names, modules: [] };
}

function toFile(output: Rolldown.OutputChunk | Rolldown.OutputAsset): BundledFile {
  if (output.type === 'asset')
    throw new Error(`The build emitted an asset, which nobody would serve: ${output.fileName}`);
  const plain = (name: string): string => name.replace(/^\.\//, '');
  return {
    fileName: output.fileName,
    code: output.code,
    imports: [...new Set(output.imports.map(plain))],
    dynamicImports: [...new Set(output.dynamicImports.map(plain))],
    exports: output.exports,
    modules: output.moduleIds,
  };
}

function entryOf(files: readonly BundledFile[]): BundledFile {
  const [first] = files;
  if (!first) throw new Error('The build emitted nothing');
  return first;
}

function refuseModulesOf(room: string, files: readonly BundledFile[], root: string): void {
  const inside = path.join(root, 'src', room) + path.sep;
  const found = files.flatMap((file) => file.modules).find((module) => module.startsWith(inside));
  if (found) throw new Error(`Only types of src/${room} may be imported here, but a bundle beside it holds ${found}`);
}

const onlyFirst = (file: BundledFile, index: number, all: readonly BundledFile[]): boolean =>
  all.findIndex((other) => other.fileName === file.fileName) === index;
