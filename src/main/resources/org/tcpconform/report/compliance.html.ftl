<#-- Well-formed as XML too, so that it can be checked by any parser. -->
<#include "macros.ftl">
<#macro file path text><#if paper>${text}<#else><a href="${path}">${text}</a></#if></#macro>
<#macro evidence r><#if paper>${r.decidingCase!}<#else><#if r.ladder??><@file path=r.ladder text="ladder"/></#if><#if r.capture??><#if r.ladder??> · </#if><@file path=r.capture text="capture"/></#if></#if></#macro>
<#-- The same case over the other version of IP is written short. -->
<#function second list i><#return i gt 0 && list[i].id?ends_with("-v6") && list[i].id?remove_ending("6") == list[i - 1].id?remove_ending("4") && list[i].verdict == list[i - 1].verdict></#function>
<#macro cases list words=true><#list list as c><#if second(list, c?index)><span class="slash">/</span><@case c "v6"/><#else><#if c?index gt 0>,</span> </#if><span class="case<#if c.verdict != 'PASS'> v-${c.verdict}</#if>"><@case c c.id/></#if><#if words && c.verdict != 'PASS' && !(c?has_next && second(list, c?index + 1))> (${verdictWords[c.verdict]})</#if></#list><#if list?size gt 0></span></#if></#macro>
<#macro case c text><#if paper>${text}<#else><a href="${c.page}" data-case="${c.id}"<#if text != c.id> title="${c.id}"</#if>>${text}</a></#if></#macro>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; script-src 'sha256-${scriptHash}'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="generator" content="${tool.name} ${tool.version}"/>
<meta name="color-scheme" content="light dark"/>
<title>TCP conformance of ${target.name}, ${day}</title>
<style>${style?no_esc}</style>
</head>
<body>
<@patterns/>

<header>
<p class="kind">TCP conformance report</p>
<h1>${target.name}</h1>
<#if target.description?has_content><p class="description">${target.description}</p></#if>
<p class="when">${day} ${time} · suite ${run.suite!} · ${tool.name} ${tool.version}<#if tool.commit?has_content> (${tool.commit})</#if></p>
<div class="result<#if broken> broken</#if>">
<p><strong>${statement}</strong></p>
<#if run.aborted??><p class="warning">The run ended before all cases ran: ${run.aborted}</p></#if>
</div>
<ul class="tiles" id="tiles">
<#list summary.all.outcomes as outcome, n><li class="tile o-${outcome}" data-outcome="${outcome}" data-count="${n}"><b>${n}</b><span>${words[outcome].word}</span></li></#list>
</ul>
<table class="figure" id="levels">
<caption>All ${summary.all.total} requirements by how much they bind</caption>
<thead><tr><th scope="col">Level</th><th scope="col" class="n">All</th><th scope="col" class="barhead">Share of each outcome</th><@countHeads/></tr></thead>
<tbody>
<#list summary.byLevel as l><tr data-level="${l.name}"><th scope="row"><@level l.name/></th><td class="n" data-total="${l.total}">${l.total}</td><td class="barcell"><@bar tally=l width=520 height=17/></td><@counts l/></tr>
</#list></tbody>
<tfoot><tr data-level="all"><th scope="row">All</th><td class="n" data-total="${summary.all.total}">${summary.all.total}</td><td class="barcell"><@bar tally=summary.all width=520 height=17/></td><@counts summary.all/></tr></tfoot>
</table>
</header>

<nav><ol>
<li><a href="#words">What the words mean</a></li>
<li><a href="#identity">What was tested, and with what</a></li>
<li><a href="#failed">Failed requirements</a></li>
<li><a href="#deviations">Expected deviations</a></li>
<li><a href="#pics">Rule set and optional features</a></li>
<li><a href="#figures">Figures by RFC</a></li>
<li><a href="#unjudged">What has no verdict, and why</a></li>
<li><a href="#matrix">All requirements</a></li>
<li><a href="#evidence">Evidence</a></li>
</ol></nav>

<section id="words">
<h2>1. What the words mean</h2>
<p>A <em>requirement</em> is one demand that an RFC makes of a TCP, here in words of this project; its identifier names the RFC and the label or section where it
stands. A <em>case</em> is one experiment: the tool sends segments to the target, and compares what comes back with what the RFC permits. The outcome of a
requirement follows from the verdicts of its cases.</p>
<div class="columns">
<table class="words"><caption>Outcome of a requirement</caption><tbody>
<#list meanings.outcomes as outcome, meaning><tr><th scope="row"><@chip outcome/></th><td>${meaning}</td></tr>
</#list></tbody></table>
<table class="words"><caption>Verdict of a case</caption><tbody>
<#list meanings.verdicts as verdict, meaning><tr><th scope="row">${verdictWords[verdict]}</th><td>${meaning}</td></tr>
</#list></tbody></table>
<table class="words"><caption>How much a requirement binds</caption><tbody>
<#list meanings.levels as label, meaning><tr><th scope="row"><@level label/></th><td>${meaning}</td></tr>
</#list></tbody></table>
</div>
</section>

<section id="identity">
<h2>2. What was tested, and with what</h2>
<div class="columns">
<table class="facts"><caption>Target</caption><tbody>
<@row name="Name" value=target.name/>
<#if target.description?has_content><@row name="Description" value=target.description/></#if>
<@row name="Addresses" value=target.addresses?join(", ")/>
<tr><th scope="row">Ports by what they offer</th><td><#list target.ports as role, port>${role} ${port}<#sep>, <#else>none</#list></td></tr>
</tbody></table>
<table class="facts"><caption>Run</caption><tbody>
<@row name="Started" value=day + " " + time/>
<@row name="Took" value=duration/>
<@row name="Tool" value=tool.name + " " + tool.version + (tool.commit?has_content)?then(", commit " + tool.commit, "")/>
<@row name="Suite" value=run.suite!""/>
<tr><th scope="row">Cases</th><td id="verdicts">${summary.cases}: <#list summary.verdicts as verdict, n><span data-verdict="${verdict}" data-count="${n}">${n} ${verdictWords[verdict]}</span><#sep>, </#list></td></tr>
<@row name="Side by side" value=run.jobs/>
<tr><th scope="row">Seed of random choices</th><td>${run.seed}</td></tr>
<tr><th scope="row">List of requirements</th><td>${catalogue.requirements} requirements, <#if catalogue.sha256??>SHA-256 of requirements.json <code class="hash">${catalogue.sha256}</code><#else>of another version than the one that made this page</#if></td></tr>
</tbody></table>
<table class="facts"><caption>Machine and network</caption><tbody>
<#list environment as name, value><@row name=name?cap_first value=value!""/>
<#else><tr><td>not recorded</td></tr></#list></tbody></table>
<table class="facts"><caption>Checks before the first case</caption><tbody>
<#list preflight as check><tr><th scope="row">${check.name?cap_first}</th><td><#if check.ok>in order<#else><strong class="warning">not in order</strong></#if><#if check.detail?has_content>: ${check.detail}</#if></td></tr>
<#else><tr><td>none recorded</td></tr></#list></tbody></table>
</div>
</section>

<section id="failed">
<h2>3. Failed requirements</h2>
<#assign failed = requirements?filter(r -> r.outcome == 'FAIL')>
<#if failed?size == 0><p>No requirement failed.</p><#else>
<p>Strongest first. Each failure was seen twice, on separate connections. The finding names the case that it comes from.</p>
<#list meanings.levels as label, meaning>
<#list failed?filter(r -> r.label?replace(' NOT', '') == label) as r>
<article class="finding" data-failed="${r.id}">
<h3><@level r.label/> <#if paper>${r.id}<#else><a href="#${r.id}">${r.id}</a></#if> <small>RFC ${r.rfc}, ${r.section?replace(',', ', ')}</small> <@chip r.outcome r.expected/></h3>
<p>${r.text}</p>
<p class="found"><b>Found:</b> ${r.finding}</p>
<#assign bad = r.cases?filter(c -> c.verdict == 'FAIL')>
<#if r.decidingTitle??><p class="experiment"><b>Demanded</b> in ${r.decidingCase}: the target <q>${r.decidingTitle}</q></p></#if>
<p class="cases">${bad?size} of ${r.cases?size} <#if r.cases?size == 1>case<#else>cases</#if> failed: <@cases list=bad words=false/><#if !paper && (r.ladder?? || r.capture??)> · <@evidence r/></#if></p>
</article>
</#list></#list></#if>
</section>

<section id="deviations">
<h2>4. Expected deviations</h2>
<#if expectedDeviations?size == 0><p>No deviation was declared as expected for this run.</p><#else>
<p>These failures were declared beforehand, with a reason. A declared failure is still a failure of its requirement.</p>
<table class="list"><thead><tr><th scope="col">Case</th><th scope="col">Reason</th><th scope="col">Reference</th></tr></thead><tbody>
<#list expectedDeviations as d><tr data-deviation="${d.caseId}"><th scope="row">${d.caseId}</th><td>${d.reason}</td><td>${d.reference!}</td></tr>
</#list></tbody></table></#if>
</section>

<section id="pics">
<h2>5. Rule set and optional features</h2>
<#if profile??>
<h3>Rule set: ${profile.name}</h3>
<p>${profile.meaning} <#if profile.demanded>This rule set was demanded by whoever started the run; what the probes saw is stated below.<#else>Where RFCs differ and each permits its own, the target was held to the rule set that it was found to follow.</#if></p>
<#if profile.probes?has_content><table class="list"><caption>What each probe saw</caption><thead><tr><th scope="col">Probe</th><th scope="col">Seen</th></tr></thead><tbody>
<#list profile.probes as probe, seen><tr><th scope="row">${probe}</th><td>${seen!}</td></tr>
</#list></tbody></table></#if>
<#else><p>The rule set that the target follows is not recorded.</p></#if>
<h3>Optional features</h3>
<p>In the manner of a protocol implementation conformance statement (ISO/IEC 9646-7), but filled in from what was seen. Status O: optional. Requirements of
a feature that the target lacks do not apply to it, unless it is said to have the feature (<em>claimed</em>): then its absence is a failure.</p>
<#if features?size == 0><p>No feature was probed.</p><#else>
<table class="list pics"><thead><tr><th scope="col">Item</th><th scope="col">Capability</th><th scope="col">Reference</th><th scope="col">Status</th><th scope="col">Support</th><th scope="col">Evidence</th><th scope="col">Requirements</th></tr></thead><tbody>
<#list features as f><tr data-feature="${f.name}"><td>${f.item}</td><th scope="row">${f.meaning?cap_first}<#if f.claimed> <span class="expected">claimed</span></#if></th><td>${f.source}</td><td>${f.status}</td><td class="support s-${f.support?replace(' ', '-')}"><b>${f.support}</b></td><td>${f.evidence!}</td><td class="small"><#if f.requirements.total == 0>none<#else>${f.requirements.total}: <#list f.requirements.outcomes?keys?filter(o -> f.requirements.outcomes[o] gt 0) as o>${f.requirements.outcomes[o]} ${words[o].word}<#sep>, </#list></#if></td></tr>
</#list></tbody></table></#if>
</section>

<section id="figures">
<h2>6. Figures by RFC</h2>
<p class="legend"><#list words as outcome, w><@chip outcome/> </#list></p>
<table class="figure" id="rfcs">
<thead><tr><th scope="col">RFC</th><th scope="col">Level</th><th scope="col" class="n">All</th><th scope="col" class="barhead">Share of each outcome</th><@countHeads/></tr></thead>
<#list summary.byRfc as rfc><tbody>
<#list rfc.byLevel as l><tr data-rfc="${rfc.rfc}" data-level="${l.name}"><#if l?is_first><th scope="rowgroup" rowspan="${rfc.byLevel?size}"><b>RFC ${rfc.rfc}</b><#if rfc.title?has_content><span class="title">${rfc.title}</span></#if></th></#if><td><@level l.name/></td><td class="n" data-total="${l.total}">${l.total}</td><td class="barcell"><@bar tally=l width=240/></td><@counts l/></tr>
</#list></tbody>
</#list></table>
</section>

<section id="unjudged">
<h2>7. What has no verdict, and why</h2>
<#if unjudged?size == 0><p>Every requirement has a verdict.</p></#if>
<#list unjudged as u><div class="unjudged" data-kind="${u.kind}" data-count="${u.total}">
<h3>${u.kind?cap_first} <small>${u.total} <#if u.total == 1>requirement<#else>requirements</#if></small></h3>
<p>${u.meaning}</p>
<#list u.reasons as reason><div class="reason"><p><b>${reason.requirements?size}</b> ${reason.reason?cap_first}</p>
<p class="ids"><#list reason.requirements as id><span class="id"><#if paper>${id}<#else><a href="#${id}">${id}</a></#if><#sep>,</#sep></span> </#list></p></div>
</#list></div>
</#list>
</section>

<section id="matrix">
<h2>8. All requirements</h2>
<p>Every requirement of the list with its outcome, the cases that judge it, and what was found<#if paper>. The ladder and the
capture of each case are in the folder of the run under its name<#else>. Ladder and capture are those of the case that the outcome rests on; a case links to its
steps in the case report</#if>.</p>
<form id="filter" hidden="hidden">
<label>RFC <select name="rfc"><option value="">all</option><#list summary.byRfc as rfc><option value="${rfc.rfc}">${rfc.rfc}</option></#list></select></label>
<label>Level <select name="level"><option value="">all</option><#list summary.byLevel as l><option value="${l.name}">${l.name}</option></#list></select></label>
<label>Outcome <select name="outcome"><option value="">all</option><#list words as outcome, w><option value="${outcome}">${w.word}</option></#list></select></label>
<label>Text <input type="search" name="text" placeholder="words, an id, a case"/></label>
<button type="reset">Show all</button>
<output id="shown"></output>
</form>
<table class="matrix" id="requirements">
<colgroup><col class="c-id"/><col class="c-level"/><col class="c-text"/><col class="c-outcome"/><col class="c-cases"/></colgroup>
<thead><tr><th scope="col">Requirement</th><th scope="col">Level</th><th scope="col">Text, finding and cases</th><th scope="col">Outcome</th><th scope="col"><#if paper>Rests on<#else>Evidence</#if></th></tr></thead>
<#list summary.byRfc as rfc><tbody data-rfc="${rfc.rfc}">
<tr class="group"><th colspan="5" scope="rowgroup">RFC ${rfc.rfc}<#if rfc.title?has_content> <small>${rfc.title}</small></#if></th></tr>
<#list requirements?filter(r -> r.rfc == rfc.rfc) as r><tr class="r" id="${r.id}" data-id="${r.id}" data-rfc="${r.rfc}" data-level="${r.label?replace(' NOT', '')}" data-outcome="${r.outcome}"><th scope="row"><b>${r.id}</b><span class="section">${r.section?replace(',', ', ')}</span></th><td><@level r.label/></td><td><p>${r.text}</p><p class="found">${r.finding?cap_first}</p><#if r.cases?size gt 0><p class="cases"><span class="count">${r.cases?size} <#if r.cases?size == 1>case<#else>cases</#if>:</span> <@cases r.cases/></p></#if></td><td><@chip r.outcome r.expected/></td><td class="cases"><@evidence r/><#if r.cases?size gt 1 && !paper><span class="of">of ${r.decidingCase}</span></#if></td></tr>
</#list></tbody>
</#list></table>
</section>

<section id="evidence">
<h2>9. Evidence</h2>
<p>This report is one file of a folder. With it come <code>results.json</code> (every case with every step), <code>captures/</code> (the packets that each case sent and
saw), <code>ladders/</code> (the same as pictures), <code>allure-report/index.html</code> (cases in full), <code>junit.xml</code>, and this report as
<code>compliance.json</code> and <code>compliance.csv</code>. <code>SHA256SUMS</code> holds a hash of each of these files as the run left them. To prove that nothing was altered,
removed or added, run</p>
<pre>tcpconform report --check FOLDER</pre>
<p>or, for altered and missing files with no tool but the usual one,</p>
<pre>cd FOLDER &amp;&amp; sha256sum --check --strict --quiet SHA256SUMS</pre>
<p>Whoever can alter the files can also make <code>SHA256SUMS</code> anew. Its own hash, which the run prints at its end, has to be kept elsewhere for the proof
to hold against that.</p>
</section>
<script>${script?no_esc}</script>
</body>
</html>
