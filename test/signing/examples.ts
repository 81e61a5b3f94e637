/** A program of docs/signing, and what it needs to run. */
export type Example = {
  readonly name: string;
  /** Below docs/signing. */
  readonly file: string;
  /** The page that shows it, below docs/signing. */
  readonly page: string;
  /** What runs it: the first of these for which `probe` succeeds. */
  readonly programs: readonly string[];
  /** Arguments with which a usable program prints its version, and another one fails. */
  readonly probe: readonly string[];
  /** Arguments before the file. */
  readonly run?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  /** Debian's packages. Empty for what comes with this repository. */
  readonly packages: readonly string[];
};

const node = { page: 'node.md', programs: [process.execPath], probe: ['--version'], packages: [] };
// Another Python may stand before Debian's on the path, one that has no PyJWT.
const python = { page: 'python.md', programs: ['python3', '/usr/bin/python3'] };
const php = { page: 'php.md', programs: ['php'] };
const ruby = { page: 'ruby.md', programs: ['ruby', '/usr/bin/ruby'] };
const go = { page: 'go.md', programs: ['go'], run: ['run'] };
const perl = { page: 'perl.md', programs: ['perl', '/usr/bin/perl'] };

const golangJwt = 'github.com/golang-jwt/jwt/v5';

export const examples: readonly Example[] = [
  { ...node, name: 'Node with jsonwebtoken', file: 'node/sign.mjs' },
  { ...node, name: 'Node with jose', file: 'node/sign-jose.mjs' },
  {
    ...python,
    name: 'Python with PyJWT',
    file: 'python/sign.py',
    probe: ['-c', 'import platform, jwt; print("Python", platform.python_version(), "PyJWT", jwt.__version__)'],
    packages: ['python3', 'python3-jwt'],
  },
  {
    ...python,
    name: 'Python alone',
    file: 'python/sign-plain.py',
    probe: ['--version'],
    packages: ['python3'],
  },
  {
    ...php,
    name: 'PHP alone',
    file: 'php/sign.php',
    probe: ['-r', 'echo "PHP ", PHP_VERSION;'],
    packages: ['php-cli'],
  },
  {
    ...ruby,
    name: 'Ruby with jwt',
    file: 'ruby/sign.rb',
    probe: ['-rjwt', '-e', 'puts "Ruby #{RUBY_VERSION} jwt #{Gem.loaded_specs["jwt"]&.version}"'],
    packages: ['ruby', 'ruby-jwt'],
  },
  { ...ruby, name: 'Ruby alone', file: 'ruby/sign-plain.rb', probe: ['--version'], packages: ['ruby'] },
  { ...go, name: 'Go alone', file: 'go/sign.go', probe: ['version'], packages: ['golang-go'] },
  {
    ...go,
    name: 'Go with golang-jwt',
    file: 'go/golang-jwt/sign.go',
    probe: ['list', '-f', '{{.ImportPath}}', golangJwt],
    // Where Debian puts the sources of libraries; found there without the network.
    environment: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode' },
    packages: ['golang-go', 'golang-github-golang-jwt-jwt-v5-dev'],
  },
  {
    name: 'Java alone',
    page: 'java.md',
    file: 'java/Sign.java',
    programs: ['java'],
    // A run-time environment alone has no compiler, and cannot run a source file.
    probe: ['--module', 'jdk.compiler/com.sun.tools.javac.Main', '--release', '17', '-version'],
    packages: ['default-jdk-headless'],
  },
  {
    ...perl,
    name: 'Perl with Crypt::JWT',
    file: 'perl/sign.pl',
    probe: ['-MCrypt::JWT', '-e', 'print "Perl $^V Crypt::JWT $Crypt::JWT::VERSION"'],
    packages: ['perl', 'libcrypt-jwt-perl'],
  },
  {
    ...perl,
    name: 'Perl alone',
    file: 'perl/sign-plain.pl',
    probe: ['-MJSON::PP', '-MDigest::SHA', '-e', 'print "Perl $^V"'],
    packages: ['perl'],
  },
];
