package org.tcpconform.peer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.wire.Captured;

/** All that the target has sent to the peers and volleys of an attempt, in order, and how it looks with others in its place. */
final class AllThatCame implements Tampering.Whole {
    private record Place(int peer, int index, Captured frame) {
        WireSegment segment() {
            return ((Frame.Tcp) frame.frame()).segment();
        }
    }

    private final List<Peer> peers;
    private final List<List<Captured>> inboxes;
    private final List<Place> places = new ArrayList<>();
    private final List<Volley.Answer> answers;

    AllThatCame(List<Peer> peers, List<Volley.Answer> answers) {
        this.peers = peers;
        this.answers = answers;
        this.inboxes = peers.stream().map(Peer::frames).toList();
        for (int p = 0; p < inboxes.size(); p++) {
            for (int i = 0; i < inboxes.get(p).size(); i++) {
                Captured frame = inboxes.get(p).get(i);
                if (!frame.outgoing() && frame.frame() instanceof Frame.Tcp tcp && tcp.usable()) {
                    places.add(new Place(p, i, frame));
                }
            }
        }
        places.sort(Comparator.comparingLong(place -> place.frame().timeNanos()));
    }

    @Override
    public List<WireSegment> segments() {
        return Stream.concat(
                        places.stream().map(Place::segment), answers.stream().map(Volley.Answer::came))
                .toList();
    }

    @Override
    public void during(List<List<WireSegment>> shown, boolean keep, Runnable rule) {
        List<List<List<Captured>>> all = new ArrayList<>();
        inboxes.forEach(
                inbox -> all.add(new ArrayList<>(inbox.stream().map(List::of).toList())));
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            all.get(place.peer())
                    .set(
                            place.index(),
                            shown.get(i).stream().map(s -> frame(place, s)).toList());
        }
        List<Runnable> back = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Volley.Answer answer = answers.get(i);
            answer.show(shown.get(places.size() + i));
            back.add(() -> answer.show(List.of(answer.came())));
        }
        for (int p = 0; p < peers.size(); p++) {
            back.add(peers.get(p).show(inboxes.get(p), all.get(p), keep));
        }
        try {
            rule.run();
        } finally {
            if (!keep) {
                back.forEach(Runnable::run);
            }
        }
    }

    private Captured frame(Place place, WireSegment segment) {
        return segment == place.segment()
                ? place.frame()
                : place.frame().with(segment, peers.get(place.peer()).layer());
    }
}
