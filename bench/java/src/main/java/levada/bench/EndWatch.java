package levada.bench;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows when everything that stood in the input at the start, and all it caused in repartition topics, is committed.
 * Output needs no watching: a commit flushes it. What the group had committed before does not count.
 */
final class EndWatch implements AutoCloseable {
  private final Admin admin;
  private final String group;
  private final Map<TopicPartition, Long> inputEnds;
  private final long inputRecords;

  EndWatch(Options options) throws ExecutionException, InterruptedException {
    admin = Admin.create(Map.of("bootstrap.servers", options.get("bootstrap-servers")));
    group = options.get("application-id");
    inputEnds = endsOf(Set.of(options.get("input")));
    final var done = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    inputRecords = inputEnds.entrySet().stream()
        .mapToLong(end -> end.getValue() - (done.get(end.getKey()) == null ? 0 : done.get(end.getKey()).offset()))
        .sum();
  }

  /** How many the group has to do. */
  long inputRecords() {
    return inputRecords;
  }

  boolean allCommitted() throws ExecutionException, InterruptedException {
    if (!committed(inputEnds)) return false;
    final Set<String> hops = new HashSet<>(admin.listTopics().names().get());
    hops.removeIf(topic -> !topic.startsWith(group) || !topic.endsWith("-repartition"));
    return committed(endsOf(hops));
  }

  private boolean committed(Map<TopicPartition, Long> ends) throws ExecutionException, InterruptedException {
    final Map<TopicPartition, OffsetAndMetadata> offsets =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return ends.entrySet().stream().allMatch(end -> {
      final OffsetAndMetadata offset = offsets.get(end.getKey());
      return end.getValue() == 0 || offset != null && offset.offset() >= end.getValue();
    });
  }

  private Map<TopicPartition, Long> endsOf(Set<String> topics) throws ExecutionException, InterruptedException {
    final Map<TopicPartition, OffsetSpec> wanted = admin.describeTopics(topics).allTopicNames().get().values().stream()
        .flatMap(topic -> topic.partitions().stream().map(part -> new TopicPartition(topic.name(), part.partition())))
        .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    return admin.listOffsets(wanted).all().get().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, found -> found.getValue().offset()));
  }

  @Override
  public void close() {
    admin.close();
  }
}
