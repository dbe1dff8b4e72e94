package org.tcpconform.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Ledger;
import org.tcpconform.requirement.Rule;

/** Which cases judge each requirement of the catalogue and, where none does, why. */
public final class Coverage {
    /** Whether a requirement is judged, and if not, whether it ever can be. */
    public enum Status {
        /** At least one case judges it. */
        JUDGED("judged"),
        /** As {@link Ledger.Status#NOT_YET}. */
        NOT_YET(Ledger.Status.NOT_YET.word()),
        /** As {@link Ledger.Status#UNTESTABLE}. */
        UNTESTABLE(Ledger.Status.UNTESTABLE.word()),
        /** As {@link Ledger.Status#OUT_OF_SCOPE}. */
        OUT_OF_SCOPE(Ledger.Status.OUT_OF_SCOPE.word());

        private final String word;

        Status(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        private static Status of(Ledger.Status status) {
            return switch (status) {
                case NOT_YET -> NOT_YET;
                case UNTESTABLE -> UNTESTABLE;
                case OUT_OF_SCOPE -> OUT_OF_SCOPE;
            };
        }
    }

    /**
     * One requirement.
     *
     * @param reason why no case judges it, as a sentence without full stop; empty where one does
     * @param cases ids of the cases that judge it, in their order
     */
    public record Line(Rule rule, Status status, String reason, List<String> cases) {}

    private Coverage() {}

    /** A line for each requirement of the catalogue, in its order, where {@code cases} are all there are. */
    public static List<Line> of(Collection<CaseDescriptor> cases) {
        Map<String, List<String>> judging = new LinkedHashMap<>();
        for (CaseDescriptor c : cases) {
            c.rules()
                    .forEach(rule -> judging.computeIfAbsent(rule.id(), id -> new ArrayList<>())
                            .add(c.id()));
        }
        return Catalogue.get().all().stream()
                .map(rule -> line(rule, judging.getOrDefault(rule.id(), List.of())))
                .toList();
    }

    private static Line line(Rule rule, List<String> cases) {
        if (!cases.isEmpty()) {
            return new Line(rule, Status.JUDGED, "", List.copyOf(cases));
        }
        Optional<Ledger.Entry> entry = Ledger.get().find(rule.id());
        return new Line(
                rule,
                entry.map(e -> Status.of(e.status())).orElse(Status.NOT_YET),
                entry.map(Ledger.Entry::reason).orElse("is judged by no case among those that were asked for"),
                List.of());
    }
}
