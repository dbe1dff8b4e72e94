<#-- What the pages have in common. -->
<#macro chip outcome expected=false><span class="chip o-${outcome}"><b>${words[outcome].letter}</b> ${words[outcome].word}</span><#if expected><span class="expected">expected</span></#if></#macro>
<#macro level label><span class="level l-${label?replace(' ', '-')}">${label}</span></#macro>
<#macro bar tally width=200 height=14>
<#assign x = 0>
<svg class="bar" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="<#list tally.outcomes as outcome, n><#if n gt 0>${words[outcome].word} ${n}, </#if></#list>${tally.total} in all"><#list tally.outcomes as outcome, n><#if n gt 0><#assign w = n / tally.total * width><rect class="b-${outcome}" x="${(x)?string('0.##')}" y="0.5" width="${(w - 1)?string('0.##')}" height="${height - 1}" fill="url(#p-${outcome})"/><#if w gte 11><text class="t-${outcome}" x="${(x + (w - 1) / 2)?string('0.##')}" y="${(height / 2 + 3.4)?string('0.#')}" text-anchor="middle">${words[outcome].letter}</text></#if><#assign x = x + w></#if></#list></svg></#macro>
<#macro counts tally><#list tally.outcomes as outcome, n><td class="n<#if n == 0> zero</#if>" data-outcome="${outcome}" data-count="${n}">${n}</td></#list></#macro>
<#macro countHeads><#list words as outcome, w><th scope="col" class="n tall"><span>${w.word}</span> <b class="o-${outcome}">${w.letter}</b></th></#list></#macro>
<#macro row name value><tr><th scope="row">${name}</th><td>${value}</td></tr></#macro>
<#-- Fillings of the bars, which differ in more than colour. -->
<#macro patterns><svg class="defs" width="0" height="0" aria-hidden="true"><defs>
<pattern id="p-PASS" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="f-PASS" width="8" height="8"/></pattern>
<pattern id="p-FAIL" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="f-FAIL" width="6" height="6"/><path class="k-FAIL" d="M0 0L6 6M6 0L0 6"/></pattern>
<pattern id="p-INCONCLUSIVE" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="f-INCONCLUSIVE" width="6" height="6"/><path class="k-INCONCLUSIVE" d="M-1 1L1 -1M0 6L6 0M5 7L7 5"/></pattern>
<pattern id="p-NOT_APPLICABLE" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="f-NOT_APPLICABLE" width="5" height="5"/><circle class="k-NOT_APPLICABLE" cx="2.5" cy="2.5" r="0.8"/></pattern>
<pattern id="p-NOT_TESTED" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="f-NOT_TESTED" width="8" height="8"/></pattern>
<pattern id="p-OBSERVED" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="f-OBSERVED" width="5" height="5"/><path class="k-OBSERVED" d="M2.5 0V5"/></pattern>
<pattern id="p-NOT_OBSERVED" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="f-NOT_OBSERVED" width="5" height="5"/><path class="k-NOT_OBSERVED" d="M0 2.5H5"/></pattern>
</defs></svg>
</#macro>
