/** What people and machines read of a run: console, {@code results.json}, JUnit, ladders, plots, Allure and compliance report. */
package org.tcpconform.report;
