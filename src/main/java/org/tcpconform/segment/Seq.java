package org.tcpconform.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * A sequence number, given as a number or against the variables of the connection: {@code RCV_NXT.plus(RCV_WND)}.
 * Immutable. All arithmetic is modulo 2^32.
 */
public final class Seq {
    public static final Seq ISS = new Seq(List.of(Variable.ISS), 0);
    public static final Seq IRS = new Seq(List.of(Variable.IRS), 0);
    public static final Seq SND_UNA = new Seq(List.of(Variable.SND_UNA), 0);
    public static final Seq SND_NXT = new Seq(List.of(Variable.SND_NXT), 0);
    public static final Seq RCV_NXT = new Seq(List.of(Variable.RCV_NXT), 0);
    public static final Seq RCV_WND = new Seq(List.of(Variable.RCV_WND), 0);
    public static final Seq SEG_SEQ = new Seq(List.of(Variable.SEG_SEQ), 0);
    public static final Seq SEG_ACK = new Seq(List.of(Variable.SEG_ACK), 0);
    public static final Seq SEG_LEN = new Seq(List.of(Variable.SEG_LEN), 0);
    public static final Seq ZERO = at(0);

    private final List<Variable> terms;
    private final long offset;

    private Seq(List<Variable> terms, long offset) {
        this.terms = terms;
        this.offset = offset;
    }

    /** The number itself; only its low 32 bits count. */
    public static Seq at(long number) {
        return new Seq(List.of(), number & 0xffff_ffffL);
    }

    /** The variable's value. */
    static Seq of(Variable variable) {
        return new Seq(List.of(variable), 0);
    }

    public Seq plus(long n) {
        return new Seq(terms, offset + n);
    }

    public Seq minus(long n) {
        return plus(-n);
    }

    public Seq plus(Seq other) {
        List<Variable> sum = new ArrayList<>(terms);
        sum.addAll(other.terms);
        return new Seq(List.copyOf(sum), offset + other.offset);
    }

    /** The number, where {@code variables} gives the value of each variable. */
    public int resolve(ToIntFunction<Variable> variables) {
        int value = (int) offset;
        for (Variable term : terms) {
            value += variables.applyAsInt(term);
        }
        return value;
    }

    /** As the RFC writes it, such as {@code RCV.NXT+RCV.WND-1}. */
    @Override
    public String toString() {
        if (terms.isEmpty()) {
            return Long.toString(offset & 0xffff_ffffL);
        }
        StringBuilder out = new StringBuilder();
        for (Variable term : terms) {
            out.append(out.isEmpty() ? "" : "+").append(term.rfcName());
        }
        if (offset != 0) {
            out.append(offset > 0 ? "+" : "").append(offset);
        }
        return out.toString();
    }
}
