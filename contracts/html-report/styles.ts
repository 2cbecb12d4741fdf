import { Html } from './html.ts'

const dark = `--bg:#141618;--text:#eff0f2;--dim:#b6b9be;--line:#323439;--well:#0e0f11;--good:#6ed79c;--bad:#fb90c1;--fault:#f75e51;--band:rgba(247,94,81,.16);--link:#8fb6fd;
--s0:#588ef6;--s1:#d5d7db;--s2:#4dc1e5;--s3:#ecb33c;--s4:#b384e9;--s5:#4ac685;--s6:#b6b9be`
const light = `--bg:#fff;--text:#14171d;--dim:#4a4d54;--line:#d3d5d8;--well:#f3f3f5;--good:#006d40;--bad:#ac066c;--fault:#db2d27;--band:rgba(219,45,39,.1);--link:#1554cf;
--s0:#2564e0;--s1:#3b3f47;--s2:#036881;--s3:#805c03;--s4:#752cb3;--s5:#04995d;--s6:#64686f`

/** Both themes by the reader's system, and paper, which is always light. */
export const styles = new Html(`<style>
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
@media print{:root{color-scheme:light;${light}}details>*{display:block}h2,figure{break-after:avoid;break-inside:avoid}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;background:var(--bg);color:var(--text);font:14px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1rem;margin:2.25rem 0 .5rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
p{margin:.25rem 0}
.dim,figcaption span,small{color:var(--dim)}
.verdict{display:inline-block;font-weight:600;border:1px solid;border-radius:1rem;padding:.1rem .75rem;margin:.5rem 0}
.pass{color:var(--good)}.fail{color:var(--bad)}.inconclusive{color:var(--dim);border-style:dashed}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
ol.narration{padding-left:2rem}ol.narration>li{margin:.5rem 0}
ol.narration time{color:var(--dim);float:right;margin-left:1rem;font-variant-numeric:tabular-nums}
.chips{display:flex;flex-wrap:wrap;gap:.25rem;list-style:none;margin:.25rem 0 0;padding:0}
.chips li{border:1px solid var(--line);border-radius:.25rem;padding:0 .4rem;color:var(--link);font:11px/1.6 ui-monospace,monospace}
.chips a{color:inherit}.lines{list-style:none;padding:0}.lines>li{padding:.25rem .5rem;scroll-margin-top:1rem}.lines>li:target{outline:2px solid var(--link)}.lines pre{margin:.25rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--dim);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0;border-bottom:1px solid var(--line)}
td.n,th.n{text-align:right;white-space:nowrap}
figure{margin:.75rem 0 0}figcaption{display:flex;flex-wrap:wrap;gap:.5rem;align-items:baseline}
svg{max-width:100%}figure>svg,.bands>svg{width:100%;height:auto}
svg text{fill:var(--text);font:12px system-ui,sans-serif}svg .tick{fill:var(--dim);font-size:11px}
.phase{fill:var(--well);stroke:var(--line)}.fault{fill:var(--fault)}.band{fill:var(--band)}
.grid{stroke:var(--line)}.begin{stroke:var(--dim);stroke-dasharray:1 3}
.line{fill:none;stroke-width:1.5}
.s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.s4{stroke:var(--s4)}.s5{stroke:var(--s5)}.s6{stroke:var(--s6)}
pre{background:var(--well);border:1px solid var(--line);padding:.75rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 ui-monospace,monospace}
summary{cursor:pointer}:focus-visible{outline:2px solid var(--link);outline-offset:1px}
</style>`)
