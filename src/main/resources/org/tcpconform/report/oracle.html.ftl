<#ftl output_format="HTML">
<#macro share tally><td class="n">${tally.mutants?c}</td><td class="n">${tally.killed?c}</td><td class="n">${tally.verdicts.FAIL?c}</td><td class="n">${tally.verdicts.INCONCLUSIVE?c}</td><td class="n">${tally.verdicts.NOT_APPLICABLE?c}</td><td class="n<#if tally.killed lt tally.mutants> bad</#if>">${(tally.mutants - tally.killed)?c}</td></#macro>
<#macro heads><th scope="col" class="n">mutants</th><th scope="col" class="n">killed</th><th scope="col" class="n">by FAIL</th><th scope="col" class="n">INCONCLUSIVE</th><th scope="col" class="n">NOT_APPLICABLE</th><th scope="col" class="n">survived</th></#macro>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; script-src 'sha256-${scriptHash}'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Oracle: ${target.name}</title>
<style>${style?no_esc}</style>
</head>
<body>
<h1>Do the cases fail when they should?</h1>
<p>Each case of suite ${suite} was run against ${target.name} and recorded, then run again under each change of what came that
contradicts its templates, the silences it demands, or its probes. A change that is noticed (the verdict is not PASS) is killed.</p>
<p class="<#if proven>good<#else>bad</#if>">${killed?c} of ${mutants?c} mutants were killed; ${survivors?c} survived, of which ${unjustified?c} without a reason.</p>
<p>By FAIL ${verdicts.FAIL?c}, by INCONCLUSIVE ${verdicts.INCONCLUSIVE?c}, by NOT_APPLICABLE ${verdicts.NOT_APPLICABLE?c}: these last two are weaker, since no run fails by them. ${verdicts.ERROR?c} ended in ERROR, which is no judgement: they count as survivors.</p>
<p>${cases?size?c} cases, ${notTried?c} of them not tried<#if sample gt 0>; a sample of ${sample?c} mutants</#if>; seed ${seed?c}; ${duration}; ${tool.name} ${tool.version}.<#if aborted??> <b class="bad">Ended early: ${aborted}</b></#if></p>
<h2>By level</h2>
<table><thead><tr><th scope="col">level</th><@heads/></tr></thead>
<tbody><#list levels as level, tally><tr><th scope="row">${level}</th><@share tally/></tr></#list></tbody></table>
<h2>Survivors</h2>
<#if survivors == 0><p>None.</p><#else>
<table><thead><tr><th scope="col">case</th><th scope="col">point</th><th scope="col">mutant</th><th scope="col">verdict</th><th scope="col">reason</th></tr></thead><tbody>
<#list cases as c><#list (c.survivors)![] as s><tr><td>${c.id}</td><td class="n">${s.point?c}</td><td><#if s.capture??><a href="${s.capture}">${s.mutant}</a><#else>${s.mutant}</#if></td><td>${s.verdict}<#if s.finding?has_content>: ${s.finding}</#if></td><td><#if s.reason??>${s.reason}<#else><span class="bad">none</span></#if></td></tr></#list></#list>
</tbody></table></#if>
<#if needless?has_content><p>Lines of the file of survivors that none needed: <#list needless as line>${line}<#sep>; </#list>.</p></#if>
<h2>By requirement</h2>
<details><summary>${requirements?size?c} requirements</summary>
<table><thead><tr><th scope="col">requirement</th><@heads/></tr></thead>
<tbody><#list requirements as id, tally><tr><th scope="row">${id}</th><@share tally/></tr></#list></tbody></table></details>
<h2>By case</h2>
<p><input id="filter" type="search" placeholder="words in id, title, requirement" aria-label="filter the cases"></p>
<#list cases as c>
<details class="case" data-text="${c.id} ${c.title} ${c.requirements?join(' ')}"><summary><b>${c.id}</b> ${c.title}: <#if c.notTried??>not tried, ${c.notTried}<#elseif c.byItself>judges by itself what it receives, see what it notices<#else><span class="<#if c.killed lt c.mutants>bad<#else>good</#if>">${c.killed?c} of ${c.mutants?c}</span><#if c.weak?has_content>, by FAIL ${c.verdicts.FAIL?c}</#if></#if></summary>
<p>${c.level}; ${c.requirements?join(', ')}<#if c.preambles gt 0>; ${c.preambles?c} expectations before the rule</#if></p>
<#if c.points?has_content><table><thead><tr><th scope="col" class="n">point</th><th scope="col">asks for</th><th scope="col">came</th><th scope="col" class="n">mutants</th><th scope="col" class="n">killed</th><th scope="col">left open</th></tr></thead><tbody>
<#list c.points as p><tr><td class="n">${p.number?c}</td><td>${p.kind}<br><span class="mono">${p.expected}</span></td><td class="mono">${p.came}</td><td class="n">${p.mutants?c}</td><td class="n">${p.killed?c}</td><td>${p.open?join(', ')}<#if p.judged?has_content><br>of these noticed all the same: ${p.judged?join(', ')}</#if></td></tr></#list>
</tbody></table></#if>
<#if c.weak?has_content><p>Noticed by another verdict than FAIL: <#list c.weak as w>${w.point?c}: ${w.mutant} (${w.verdict}, ${w.code})<#sep>; </#list></p></#if>
<#if c.notCarriedOut?has_content><p>Not carried out, since the case ran otherwise this time: ${c.notCarriedOut?join(', ')}</p></#if>
</details>
</#list>
<script>${script?no_esc}</script>
</body>
</html>
